"""What the worker knows of itself: counters for Prometheus, reasons for readiness."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from app.metrics import counter_family, gauge_family
from streams.timing import StepTimes


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
    times: StepTimes = field(default_factory=StepTimes)
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
        "enriched_events",
        "stored_events",
        "duplicate_events",
        "stored_blocks",
        "repeated_blocks",
        "repaired_blocks",
        "behaviour_runs",
    )

    def __init__(self, state: WorkerState) -> None:
        self._state = state

    def collect(self) -> Iterable[Metric]:
        """Yield the present values."""
        state, times = self._state, self._state.times
        for name in self._TOTALS:
            yield counter_family(f"heliograph_{name}", getattr(state, name))
        yield counter_family("heliograph_drops", _by_label(state.drops))
        yield counter_family("heliograph_dead_letters", _by_label(state.dead_letters))
        yield counter_family("heliograph_reclassified_visitors", _by_label(state.reclassified))
        yield gauge_family("heliograph_behaviour_seconds", state.behaviour_seconds)
        yield gauge_family("heliograph_consumer_lag", _by_label(state.lag))
        services = ("clickhouse", "database", "kafka")
        yield gauge_family("heliograph_service_away", [((name,), name in state.trouble) for name in services])
        seconds = [(key, spent / 1e9) for key, spent in times.nanoseconds.items()]
        yield counter_family("heliograph_step_seconds", seconds)
        yield counter_family("heliograph_step_events", list(times.events.items()))


def _by_label(counts: Mapping[str, int]) -> list[tuple[tuple[str, ...], float]]:
    return [((label,), count) for label, count in counts.items()]
