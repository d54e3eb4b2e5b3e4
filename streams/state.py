"""What the worker knows of itself: counters for Prometheus, reasons for readiness."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector


@dataclass(slots=True)
class WorkerState:
    """Plain values, written by the agents and read by readiness and metrics."""

    enriched_events: int = 0
    stored_events: int = 0
    duplicate_events: int = 0
    stored_blocks: int = 0
    repeated_blocks: int = 0
    repaired_blocks: int = 0
    drops: dict[str, int] = field(default_factory=dict)
    dead_letters: dict[str, int] = field(default_factory=dict)
    reclassified: dict[str, int] = field(default_factory=dict)
    """Visitors that rules across hits found to be machines, by rule."""
    behaviour_runs: int = 0
    behaviour_seconds: float = 0.0
    """How long the last of these looks took."""
    lag: dict[str, int] = field(default_factory=dict)
    """Records not yet acknowledged, by `topic[partition]`."""
    trouble: dict[str, tuple[str, float]] = field(default_factory=dict)
    """What is away: name to (why, since; monotonic seconds)."""
    is_assigned: bool = False

    def is_away(self, service: str, why: str) -> None:
        """Note that a service is away, keeping the time it was first seen so."""
        since = self.trouble.get(service, ("", time.monotonic()))[1]
        self.trouble[service] = (why, since)

    def is_back(self, service: str) -> None:
        """Note that a service answers."""
        self.trouble.pop(service, None)

    def count_drops(self, drops: dict[str, int]) -> None:
        """Add to the drops by reason."""
        for reason, count in drops.items():
            self.drops[reason] = self.drops.get(reason, 0) + count

    def readiness(self) -> tuple[bool, dict[str, object]]:
        """Return (is ready, body) with a reason for everything that is wrong."""
        reasons = [
            f"{service} is away for {time.monotonic() - since:.0f} s, nothing is acknowledged meanwhile: {why}"
            for service, (why, since) in sorted(self.trouble.items())
        ]
        if not self.is_assigned:
            reasons.append("no partitions are assigned yet")
        body: dict[str, object] = {
            "status": "not_ready" if reasons else "ready",
            "reasons": reasons,
            "stored": self.stored_events,
            "duplicates": self.duplicate_events,
            "lag": sum(self.lag.values()),
            "drops": self.drops,
            "deadLetters": self.dead_letters,
        }
        return not reasons, body


class WorkerMetrics(Collector):
    """Exposes the state to Prometheus."""

    _TOTALS = (
        ("enriched_events", "Events that passed enrichment"),
        ("stored_events", "Events inserted and acknowledged"),
        ("duplicate_events", "Events left out because their id was stored already"),
        ("stored_blocks", "Blocks inserted"),
        ("repeated_blocks", "Blocks formed again after a crash"),
        ("repaired_blocks", "Blocks of an ended life of the broker, repaired from the log"),
        ("behaviour_runs", "Looks across hits that were made to their end"),
    )

    def __init__(self, state: WorkerState) -> None:
        self._state = state

    def collect(self) -> Iterable[Metric]:
        """Yield the present values."""
        for name, text in self._TOTALS:
            yield CounterMetricFamily(f"heliograph_{name}", text, value=getattr(self._state, name))
        drops = CounterMetricFamily("heliograph_drops", "Events ended for an expected reason", labels=["reason"])
        for reason, count in self._state.drops.items():
            drops.add_metric([reason], count)
        yield drops
        dead = CounterMetricFamily("heliograph_dead_letters", "Records that could not be parsed", labels=["stage"])
        for stage, count in self._state.dead_letters.items():
            dead.add_metric([stage], count)
        yield dead
        found = CounterMetricFamily(
            "heliograph_reclassified_visitors", "Visitors that rules across hits found to be machines", labels=["rule"]
        )
        for rule, count in self._state.reclassified.items():
            found.add_metric([rule], count)
        yield found
        yield GaugeMetricFamily(
            "heliograph_behaviour_seconds", "How long the last look across hits took", self._state.behaviour_seconds
        )
        lag = GaugeMetricFamily("heliograph_consumer_lag", "Records not yet acknowledged", labels=["partition"])
        for partition, count in self._state.lag.items():
            lag.add_metric([partition], count)
        yield lag
        away = GaugeMetricFamily(
            "heliograph_service_away", "1 while the worker waits for a service", labels=["service"]
        )
        for service in ("clickhouse", "database", "kafka"):
            away.add_metric([service], float(service in self._state.trouble))
        yield away
