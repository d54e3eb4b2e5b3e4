"""Sampled time of each step of a flow: where the worker's time goes, in production, at a cost that is not felt."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter_ns

from streams.event import Context, Drop, Event, Step

SAMPLE_EVERY = 64
"""One frame of these has its steps timed: a step costs about a microsecond, timing it a tenth of that."""

Key = tuple[str, str]
"""(flow, step)."""


@dataclass(slots=True)
class StepTimes:
    """Nanoseconds and events by flow and step, of what was timed."""

    nanoseconds: dict[Key, int] = field(default_factory=dict)
    events: dict[Key, int] = field(default_factory=dict)
    _frames: int = 0

    def add(self, flow: str, step: str, nanoseconds: int, events: int) -> None:
        """Add the time that so many events spent in a step."""
        key = (flow, step)
        self.nanoseconds[key] = self.nanoseconds.get(key, 0) + nanoseconds
        self.events[key] = self.events.get(key, 0) + events

    @contextmanager
    def stage(self, flow: str, step: str, events: int) -> Iterator[None]:
        """Time what a whole batch goes through at once, waiting included; one that fails is not counted."""
        began = perf_counter_ns()
        yield
        self.add(flow, step, perf_counter_ns() - began, events)

    def sampled(self, flow: str, steps: Sequence[Step]) -> Sequence[Step]:
        """Return the steps for the next frame: themselves, or, for one frame of `SAMPLE_EVERY`, timed ones."""
        self._frames += 1
        if self._frames % SAMPLE_EVERY != 1:
            return steps
        return [self._timed(flow, step) for step in steps]

    def _timed(self, flow: str, step: Step) -> Step:
        name: str = step.__name__
        add: Callable[[str, str, int, int], None] = self.add

        def timed(event: Event, context: Context) -> Event | Drop:
            began = perf_counter_ns()
            outcome = step(event, context)
            add(flow, name, perf_counter_ns() - began, 1)
            return outcome

        return timed
