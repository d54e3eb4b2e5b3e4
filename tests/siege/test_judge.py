"""What counts as a lie of readiness, on timelines made by hand: a trouble from second 10 to 30, the next one at 60."""

from typing import ClassVar

import pytest

from tests.siege.ground import ENDPOINTS
from tests.siege.judge import lies
from tests.siege.troubles.freeze import Freeze
from tests.siege.watch import GREEN, Timeline

CLICKHOUSE = Freeze("clickhouse")  # worker and api have to be red, the collector green; ready 5 s after its end


def timelines(**says: list[tuple[float, str]]) -> dict[str, Timeline]:
    """Return timelines; an endpoint that is not named was green always."""
    found = {name: Timeline() for name in ENDPOINTS}
    for name, timeline in found.items():
        for at, said in says.get(name, [(0, GREEN)]):
            timeline.add(at, said)
    return found


def told(**says: list[tuple[float, str]]) -> list[str]:
    return list(lies(CLICKHOUSE, timelines(**says), begin=10, end=30, next_begin=60))


RED = "ClickHouse is away"
IN_TIME = [(0, GREEN), (14, RED), (33, GREEN)]


def test_red_in_time_and_green_in_time_is_the_truth() -> None:
    assert told(worker=IN_TIME, api=IN_TIME) == []


@pytest.mark.parametrize("name", ["worker", "api"])
def test_one_that_stays_green_lies(name: str) -> None:
    says = {"worker": IN_TIME, "api": IN_TIME} | {name: [(0, GREEN)]}
    [wrong] = told(**says)
    assert wrong == f"{name} went on saying that it is ready for 20.0 s of the trouble"


def test_red_too_late_is_a_lie() -> None:
    [wrong] = told(worker=[(0, GREEN), (17, RED), (33, GREEN)], api=IN_TIME)
    assert wrong.startswith("worker went on saying that it is ready for 7.0 s")


def test_green_in_between_is_a_lie() -> None:
    [wrong] = told(worker=[(0, GREEN), (12, RED), (20, GREEN), (21, RED), (32, GREEN)], api=IN_TIME)
    assert wrong == "worker said for 1.0 s that it is ready, 10.0 s into the trouble"


def test_red_where_nothing_happened_is_a_lie_but_not_for_a_moment() -> None:
    assert told(worker=IN_TIME, api=IN_TIME, collector=[(0, GREEN), (12, "a moment"), (15, GREEN)]) == []
    [wrong] = told(worker=IN_TIME, api=IN_TIME, collector=[(0, GREEN), (12, "why"), (19, GREEN)])
    assert wrong == "collector said for 7.0 s that it is not ready, and was not touched: why"


def test_red_long_after_the_end_is_a_lie_as_is_red_anew() -> None:
    [late] = told(worker=[(0, GREEN), (14, RED), (40, GREEN)], api=IN_TIME)
    assert late == f"worker was not ready for 4.0 s after it should have been: {RED}"
    [anew] = told(worker=[*IN_TIME, (50, "again"), (51, GREEN)], api=IN_TIME)
    assert anew == "worker was not ready for 1.0 s after it should have been: again"


class TestTimeline:
    SAID: ClassVar[list[tuple[float, str]]] = [(1, GREEN), (2, GREEN), (3, "away for 1 s"), (4, "away for 2 s")]

    def test_only_changes_of_colour_are_kept_with_the_first_words(self) -> None:
        timeline = Timeline()
        for at, said in self.SAID:
            timeline.add(at, said)
        assert [(change.at, change.says) for change in timeline.changes] == [(1, GREEN), (3, "away for 1 s")]
