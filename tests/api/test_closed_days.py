"""What is counted of closed days is kept in the process, and given up as soon as something late is announced."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.answers import late_key
from app.closed_days import MOST_ROWS, ClosedDays
from app.identity.models import User
from app.tracking.calendar import cuts_of
from clickhouse.closed_days import close_days
from schemas.events import CLEAN_EVENT, SignatureOpened
from streams.announce import Announcer
from tests.fixtures.api import Api
from tests.streams.events import clean_line

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


async def _total(api: Api, headers: dict[str, str]) -> int:
    answer = await api.client.get("/api/admin/tracking/organization-stats?days=7", headers=headers)
    assert answer.status_code == 200, answer.text
    total: int = answer.json()["totalOpens"]
    return total


async def _insert_quietly(api: Api, user: User, at: datetime) -> None:
    """Store an open that nobody is told of."""
    forget, api.resources.answers.forget = api.resources.answers.forget, lambda: None  # type: ignore[method-assign]
    try:
        await api.store_open(user, at)
    finally:
        api.resources.answers.forget = forget  # type: ignore[method-assign]


async def _announce(api: Api, user: User, at: datetime) -> None:
    """Announce an open as the worker does, and wait until it is written."""
    line = clean_line(organisationId=user.organisation_id, userId=user.id, at=int(at.timestamp() * 1000))
    event = CLEAN_EVENT.decode(line)
    assert isinstance(event, SignatureOpened)
    announcer, before = Announcer(api.resources.redis), await api.resources.redis.xlen(f"live:{event.organisation_id}")
    task = asyncio.create_task(announcer.run())
    announcer.announce([event])
    while await api.resources.redis.xlen(f"live:{event.organisation_id}") == before:
        await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_late_open_counts_as_soon_as_it_is_announced(api: Api) -> None:
    api.clock.now = NOON
    owner = await api.owner()
    headers = await api.key(owner)
    await api.store_open(owner, NOON - DAY)
    clickhouse = await api.resources.clickhouse.get()
    await close_days(clickhouse, cuts_of({}), from_date=date(2026, 1, 1), until_date=NOON.date())
    assert await _total(api, headers) == 1

    await _insert_quietly(api, owner, NOON - timedelta(hours=1))
    await _insert_quietly(api, owner, NOON - DAY)
    await _announce(api, owner, datetime.now(UTC) + DAY)
    assert await _total(api, headers) == 2, "what is said to be of today is looked for in today"
    await _announce(api, owner, NOON - DAY)
    assert await _total(api, headers) == 3


async def test_without_an_announcement_a_late_open_counts_after_five_seconds(api: Api) -> None:
    api.clock.now = NOON
    owner = await api.owner()
    headers = await api.key(owner)
    await api.store_open(owner, NOON - DAY)
    await close_days(
        await api.resources.clickhouse.get(), cuts_of({}), from_date=date(2026, 1, 1), until_date=NOON.date()
    )
    assert await _total(api, headers) == 1
    await _insert_quietly(api, owner, NOON - DAY)
    assert await _total(api, headers) == 1
    api.clock.now = NOON + timedelta(seconds=5)
    assert await _total(api, headers) == 2


async def test_redis_is_told_of_late_events_before_it_is_told_of_any(api: Api) -> None:
    owner = await api.owner()
    await _announce(api, owner, datetime.now(UTC) + DAY)
    assert await api.resources.redis.get(late_key(str(owner.organisation_id))) is None
    marks = set()
    for _ in range(2):
        await _announce(api, owner, NOON)
        marks.add(await api.resources.redis.get(late_key(str(owner.organisation_id))))
    assert len(marks) == 2
    assert None not in marks


class Counting:
    """Answers so many rows, and counts how often it was asked."""

    def __init__(self, rows: int) -> None:
        self.rows, self.asked = rows, 0

    async def query(self, _name: str, _parameters: Mapping[str, object]) -> list[dict[str, Any]]:
        self.asked += 1
        return [{"opens": 1}] * self.rows


async def test_what_a_revision_counts_is_asked_once_and_no_more_is_kept_than_memory_allows(api: Api) -> None:
    closed, clickhouse = ClosedDays(api.resources.answers), Counting(MOST_ROWS // 2)
    for revision, times in ((1, 1), (1, 1), (2, 2), (1, 2), (3, 3), (1, 3), (2, 4)):
        await closed.sums(clickhouse, "q", {"revisions": [revision], "open_starts": []})  # type: ignore[arg-type]
        assert clickhouse.asked == times, revision
    assert await closed.sums(clickhouse, "q", {"revisions": [], "open_starts": []}) == []  # type: ignore[arg-type]
    assert clickhouse.asked == 4


async def test_what_views_say_of_days_that_are_over_is_forgotten_when_something_late_is_announced(api: Api) -> None:
    """Views are written one after the other: that one holds the late open already says nothing of the one we read."""
    owner = await api.owner()
    closed, clickhouse = ClosedDays(api.resources.answers), Counting(1)
    asked = {"organisation_id": owner.organisation_id, "open_starts": [0], "open_ends": [900]}
    for announced, times in ((False, 1), (False, 1), (True, 2), (False, 2)):
        if announced:
            await _announce(api, owner, NOON)
        await closed.settled(clickhouse, "q", asked, now=NOON)  # type: ignore[arg-type]
        assert clickhouse.asked == times
    await closed.settled(clickhouse, "q", asked, now=NOON + timedelta(seconds=5))  # type: ignore[arg-type]
    assert clickhouse.asked == 3
