"""Last week up to a moment within a quarter of an hour: the view is enough, unless a visitor opened more than once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clickhouse.client import ClickHouse
from tests.fixtures.api import Api
from tests.fixtures.log import Open, store

NOON = datetime(2026, 1, 15, 12, 7, tzinfo=UTC)
A_WEEK_AGO = NOON - timedelta(days=7)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the questions that were asked."""
    names: list[str] = []
    query = ClickHouse.query

    async def noting(self: ClickHouse, name: str, *args: Any, **more: Any) -> list[dict[str, Any]]:
        names.append(name)
        return await query(self, name, *args, **more)

    monkeypatch.setattr(ClickHouse, "query", noting)
    return names


@pytest.mark.parametrize(
    ("seconds", "counted", "is_log_asked"),
    [
        ((-60, -30), (2, 1), False),
        ((30, 60), (0, 0), True),  # of a row the view knows when the last open was, and no other
        ((30,), (0, 0), False),
        ((-30,), (1, 1), False),
        ((-30, 30), (1, 1), True),
        ((-30, -20, 0, 30), (2, 1), True),  # what comes at the very moment is after it
        ((-600, 30), (1, 1), False),  # of two quarters
    ],
)
async def test_what_the_view_cannot_tell_the_log_is_asked(
    api: Api, asked: list[str], seconds: tuple[int, ...], counted: tuple[int, int], is_log_asked: bool
) -> None:
    api.clock.now = NOON
    owner = await api.owner()
    whose = {"organisation_id": owner.organisation_id, "user_id": owner.id}
    opens = [Open(at=A_WEEK_AGO + timedelta(seconds=second), **whose) for second in seconds]
    await store(await api.resources.clickhouse.get(), opens)  # in one block: of one row each quarter
    stats = (await api.client.get("/api/tracking/my-stats", headers=await api.key(owner))).json()
    assert stats["lastWeekToDate"] == {"opens": counted[0], "unique": counted[1]}
    assert stats["lastWeek"]["opens"] == len(seconds)
    assert ("user_opens_last_week_to_date" in asked) is is_log_asked


async def test_of_opens_that_no_rule_can_correct_no_corrections_are_asked(api: Api, asked: list[str]) -> None:
    api.clock.now = NOON
    owner = await api.owner()
    headers = await api.key(owner)
    await api.store_open(owner, NOON - timedelta(hours=1), open_class="scanner")
    assert len((await api.client.get("/api/tracking/my-opens", headers=headers)).json()["data"]) == 1
    assert "corrections_of_visitors" not in asked
    await api.store_open(owner, NOON - timedelta(minutes=30))
    assert len((await api.client.get("/api/tracking/my-opens?limit=5", headers=headers)).json()["data"]) == 2
    assert "corrections_of_visitors" in asked
