"""Judges readiness: was it true within five seconds of each trouble, and of its end?"""

from collections.abc import Iterator, Mapping

from tests.siege.troubles import Trouble
from tests.siege.watch import Timeline

TRUE_WITHIN_SECONDS = 5.0
_SLACK_SECONDS = 1.0
"""What watching itself may take: four questions a second, on a machine that is busy."""
LIMIT_SECONDS = TRUE_WITHIN_SECONDS + _SLACK_SECONDS


def lies(
    trouble: Trouble, timelines: Mapping[str, Timeline], *, begin: float, end: float, next_begin: float
) -> Iterator[str]:
    """Yield a sentence for each time an endpoint did not say what was the case, from `begin` to `next_begin`."""
    for name, timeline in timelines.items():
        if name in trouble.red:
            yield from _missed(name, timeline, begin, end)
        elif name not in trouble.either:
            yield from _false_alarms(name, timeline, begin, end)
        yield from _still_red(name, timeline, end + trouble.heal_seconds + _SLACK_SECONDS, next_begin)


def _missed(name: str, timeline: Timeline, begin: float, end: float) -> Iterator[str]:
    """It has to turn red in time, and to stay so."""
    if end - begin <= LIMIT_SECONDS:
        return
    stretches = timeline.between(begin, end)
    first_red = next((start for start, _, said in stretches if not said.is_green), end)
    if first_red - begin > LIMIT_SECONDS:
        yield f"{name} went on saying that it is ready for {first_red - begin:.1f} s of the trouble"
    for start, stop, said in stretches:
        if said.is_green and start > first_red:
            yield f"{name} said for {stop - start:.1f} s that it is ready, {start - begin:.1f} s into the trouble"


def _false_alarms(name: str, timeline: Timeline, begin: float, end: float) -> Iterator[str]:
    """What a trouble does not touch has to stay green, but for a moment."""
    for start, stop, said in timeline.between(begin, end):
        if not said.is_green and stop - start > LIMIT_SECONDS:
            yield f"{name} said for {stop - start:.1f} s that it is not ready, and was not touched: {said.says}"


def _still_red(name: str, timeline: Timeline, healed: float, next_begin: float) -> Iterator[str]:
    """When a trouble is over everything has to be green soon, and to stay so."""
    for start, stop, said in timeline.between(healed, next_begin):
        if not said.is_green:
            yield f"{name} was not ready for {stop - start:.1f} s after it should have been: {said.says}"
