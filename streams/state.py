"""What the worker knows of itself: counters for Prometheus, reasons for readiness."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from app.metrics import counter_family, gauge_family
from streams.progress import Progress
from streams.timing import StepTimes
from streams.waits import Wait, Waits

CLICKHOUSE, DATABASE, KAFKA = SERVICES = ("clickhouse", "database", "kafka")


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
    progress: Progress = field(default_factory=Progress)
    """How much is still to be acknowledged, and whether that goes on."""
    waits: Waits = field(default_factory=Waits)
    """Services and repairs that are waited for."""
    times: StepTimes = field(default_factory=StepTimes)
    """What each step of a flow costs, sampled."""
    is_assigned: bool = False
    lost_partitions: set[str] = field(default_factory=set)
    """Assigned to this worker, and claimed by another: until the group is rebalanced."""

    def count_drops(self, drops: dict[str, int]) -> None:
        """Add to the drops by reason."""
        for reason, count in drops.items():
            self.drops[reason] = self.drops.get(reason, 0) + count

    def readiness(self) -> tuple[bool, dict[str, object]]:
        """Return (is ready, body) with a reason for everything that is wrong; `lag` is None while it is unknown."""
        self.tell()  # whatever readiness has said stands in the log, however short it was
        troubles = self.waits.troubles()
        reasons = [self._reason(wait) for wait in troubles.values()]
        if not self.is_assigned:
            reasons.append("no partitions are assigned yet")
        reasons += [
            f"{name} was claimed by another worker, its frames wait until the group is rebalanced"
            for name in sorted(self.lost_partitions)
        ]
        reasons += [
            f"{name} has records and none was acknowledged for {seconds:.0f} s"
            for name, seconds in self.progress.stalled().items()
        ]
        body: dict[str, object] = {
            "status": "not_ready" if reasons else "ready",
            "reasons": reasons,
            "stored": self.stored_events,
            "duplicates": self.duplicate_events,
            "lag": sum(self.progress.lag.values()) if self.is_lag_known() else None,
            "drops": self.drops,
            "deadLetters": self.dead_letters,
        }
        return not reasons, body

    def tell(self) -> None:
        """Log what has begun and ended; to be called every second, also while nobody asks for readiness."""
        self.waits.tell()
        if self.waits.troubles():
            self.progress.excuse()

    def is_lag_known(self) -> bool:
        """Tell whether `lag` is of this moment: the partitions are ours, each has been measured, and Kafka answers."""
        return self.is_assigned and self.progress.is_measured and KAFKA not in self.waits.troubles()

    def _reason(self, wait: Wait) -> str:
        seconds = self.waits.seconds(wait)
        if wait.what in SERVICES:
            why = wait.why or "no answer"
            return f"{wait.what} is away for {seconds:.0f} s, nothing is acknowledged meanwhile: {why}"
        why = wait.why or "no end yet"
        return f"{wait.what} waits for {seconds:.0f} s, its frames are not acknowledged meanwhile: {why}"


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
        state, times, troubles = self._state, self._state.times, self._state.waits.troubles()
        for name in self._TOTALS:
            yield counter_family(f"heliograph_{name}", getattr(state, name))
        yield counter_family("heliograph_drops", _by_label(state.drops))
        yield counter_family("heliograph_dead_letters", _by_label(state.dead_letters))
        yield counter_family("heliograph_reclassified_visitors", _by_label(state.reclassified))
        yield gauge_family("heliograph_behaviour_seconds", state.behaviour_seconds)
        yield gauge_family("heliograph_consumer_lag", _by_label(state.progress.lag) if state.is_lag_known() else [])
        yield gauge_family("heliograph_service_away", [((name,), name in troubles) for name in SERVICES])
        waiting = sum(what.startswith("repair ") for what in troubles) + len(state.lost_partitions)
        yield gauge_family("heliograph_waiting_partitions", waiting)
        seconds = [(key, spent / 1e9) for key, spent in times.nanoseconds.items()]
        yield counter_family("heliograph_step_seconds", seconds)
        yield counter_family("heliograph_step_events", list(times.events.items()))


def _by_label(counts: Mapping[str, int]) -> list[tuple[tuple[str, ...], float]]:
    return [((label,), count) for label, count in counts.items()]
