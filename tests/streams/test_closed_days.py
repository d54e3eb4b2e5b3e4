"""The timer counts what is over, once, and goes on after what was killed."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.identity.service import bootstrap_organisation
from app.store.database import Database
from app.store.watermarks import lease
from clickhouse.client import ClickHouse
from clickhouse.closed_days import rewriting
from streams.closed_days import LEASE, NAME, ClosingDays
from tests.fixtures.log import Open, store

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


async def _organisation(database: Database) -> UUID:
    async with database.session() as session:
        made = await bootstrap_organisation(
            session, name="Acme", owner_email="o@x.test", owner_name="O", time_zone="Asia/Riyadh"
        )
        return made.id


def _open(organisation_id: UUID, at: datetime) -> Open:
    return Open(at=at, organisation_id=organisation_id, user_id=UUID(int=1))


def _timer(database: Database, clickhouse: ClickHouse, now: list[datetime], owner: str = "me") -> ClosingDays:
    async def connected() -> ClickHouse:
        return clickhouse

    return ClosingDays(database, connected, owner=owner, clock=lambda: now[0])


async def test_days_that_are_over_are_counted_once_and_today_not(event_log: ClickHouse, database: Database) -> None:
    id_ = await _organisation(database)
    await store(event_log, [_open(id_, NOW - timedelta(days=days)) for days in (0, 1, 400)])
    now = [NOW]
    timer = _timer(database, event_log, now)
    assert [await timer.look(), await timer.look()] == [6, 0], "two days, each whole and cut at the local midnight"
    now[0] = datetime(2026, 1, 16, 0, 1, tzinfo=UTC)
    assert await timer.look() == 0, "its last second may still be under way"
    now[0] = datetime(2026, 1, 16, 0, 6, tzinfo=UTC)
    assert await timer.look() == 3


async def test_a_late_open_is_seen_at_the_next_look_and_an_old_one_within_the_day(
    event_log: ClickHouse, database: Database
) -> None:
    id_ = await _organisation(database)
    now = [NOW]
    timer = _timer(database, event_log, now)
    await timer.look()
    await store(event_log, [_open(id_, NOW - timedelta(days=days)) for days in (1, 30)])
    assert await timer.look() == 3
    now[0] += timedelta(days=1)
    assert await timer.look() == 3
    rows = await event_log.select("SELECT DISTINCT toDate(from_at) AS day FROM closed_parts ORDER BY day")
    assert [row["day"] for row in rows] == [date(2025, 12, 16), date(2026, 1, 14)]


async def test_another_process_has_the_lease(event_log: ClickHouse, database: Database) -> None:
    id_ = await _organisation(database)
    await store(event_log, [_open(id_, NOW - timedelta(days=1))])
    taken = await lease(database, NAME, owner="other", lifetime=LEASE)
    assert taken is not None
    assert await _timer(database, event_log, [NOW]).look() == 0
    await taken.give_back()
    assert await _timer(database, event_log, [NOW]).look() == 3


async def test_after_a_rewriting_that_was_killed_days_are_counted_again(
    event_log: ClickHouse, database: Database
) -> None:
    id_ = await _organisation(database)
    await store(event_log, [_open(id_, NOW - timedelta(days=1))])
    timer = _timer(database, event_log, [NOW])
    assert await timer.look() == 3
    with pytest.raises(ConnectionError):
        async with rewriting(event_log):
            raise ConnectionError("killed")
    assert await timer.look() == 3
