import asyncio
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from app.audit.models import AuditEntry
from app.identity.models import User
from app.identity.service import bootstrap_organisation, find_user
from app.retention.service import due, first_kept, run
from app.store.database import Database
from app.tracking.calendar import cuts_of
from app.tracking.models import OrganisationSettings
from clickhouse import retention
from clickhouse.client import ClickHouse
from clickhouse.closed_days import close_days
from clickhouse.retention import Day, chunks
from clickhouse.verify import verify
from streams.retention import DailyRetention
from tests.fixtures.log import Dropped, Open, Reclassified, no_hold, no_runs, store

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
STATEMENTS = 19
"""As many as a run of one chunk gives to ClickHouse."""
retained = partial(run, now=NOW, beginnings=no_runs, rest_ratio=0)


async def organisation(database: Database, name: str, *, days: int) -> User:
    async with database.session() as session:
        made = await bootstrap_organisation(session, name=name, owner_email="o@x.test", owner_name="O", time_zone="UTC")
        await session.execute(
            update(OrganisationSettings)
            .where(OrganisationSettings.organisation_id == made.id)
            .values(retention_days=days)
        )
        user = await find_user(session, organisation_id=made.id, email="o@x.test")
        assert user is not None
        return user


async def fill(clickhouse: ClickHouse, user: User, ages: list[int]) -> None:
    """Store an open and a drop of each age in days, and one drop of nobody's."""
    rows: list[Open | Dropped] = []
    for age in ages:
        at = NOW - timedelta(days=age)
        rows.append(Open(at=at, organisation_id=user.organisation_id, user_id=user.id, visitor=uuid4().bytes))
        rows.append(Dropped(at=at, organisation_id=user.organisation_id, reason="tracking_off"))
        rows.append(Dropped(at=at))
    await store(clickhouse, rows)


async def ages(clickhouse: ClickHouse, organisation_id: UUID) -> list[int]:
    rows = await clickhouse.select(
        "SELECT at FROM events WHERE organisation_id = {id:UUID} ORDER BY at DESC", {"id": organisation_id}
    )
    return [(NOW - row["at"]).days for row in rows]


async def deletions(database: Database) -> list[AuditEntry]:
    async with database.reading() as session:
        rows = await session.scalars(select(AuditEntry).where(AuditEntry.action == "retention_ran"))
        return sorted(rows, key=lambda entry: entry.subject)


async def deleting(clickhouse: ClickHouse) -> int:
    """Return how many deletions are asked for and not counted."""
    [found] = await clickhouse.select(
        "SELECT count() AS rows FROM deletions WHERE name NOT IN (SELECT name FROM deleted_hits)"
    )
    return int(found["rows"])


async def hidden_rows(clickhouse: ClickHouse) -> int:
    """Return how many rows the parts of the log hold beyond those that are read."""
    [stored] = await clickhouse.select(
        "SELECT sum(rows) - (SELECT count() FROM events) AS hidden FROM system.parts "
        "WHERE database = currentDatabase() AND active AND table = 'events'"
    )
    return int(stored["hidden"])


async def is_clean(clickhouse: ClickHouse) -> bool:
    return (await verify(clickhouse, hold=no_hold())).drifts == []


async def test_each_organisation_loses_what_it_keeps_no_longer_and_nobody_else(
    database: Database, clickhouse: ClickHouse
) -> None:
    short, long = await organisation(database, "Short", days=30), await organisation(database, "Long", days=90)
    for user in (short, long):
        await fill(clickhouse, user, [0, 29, 30, 31, 60, 89, 91, 400])
    deleted = {it.name: (it.events, it.drops) async for it in retained(database, clickhouse)}
    assert deleted == {"Short": (5, 5), "Long": (2, 2)}
    assert await ages(clickhouse, short.organisation_id) == [0, 29, 30]
    assert await ages(clickhouse, long.organisation_id) == [0, 29, 30, 31, 60, 89]
    assert await is_clean(clickhouse)
    [kept] = await clickhouse.select("SELECT count() AS rows FROM visits_15m WHERE bucket_at < '2025-12-16'")
    assert kept["rows"] == 3, "of the long one"
    [nobodys] = await clickhouse.select("SELECT count() AS rows FROM drops WHERE organisation_id IS NULL")
    assert nobodys["rows"] == 16


async def test_what_was_counted_of_closed_days_goes_too(database: Database, clickhouse: ClickHouse) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [5, 45])
    await close_days(clickhouse, cuts_of({}), from_date=date(2025, 1, 1), until_date=NOW.date())
    counted = "SELECT DISTINCT toDate(from_at) AS day FROM {} ORDER BY day"
    assert len(await clickhouse.select(counted.format("closed_opens"))) == 2
    [_ async for _ in retained(database, clickhouse)]
    for table in ("closed_opens", "closed_parts"):
        assert await clickhouse.select(counted.format(table)) == [{"day": date(2026, 1, 10)}]
    assert await is_clean(clickhouse)


async def test_a_dry_run_says_which_days_would_go_and_deletes_nothing(
    database: Database, clickhouse: ClickHouse
) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [1, 31, 31, 45])
    [found] = [it async for it in due(database, clickhouse, now=NOW)]
    assert found.before == date(2025, 12, 16)
    assert list(found.days) == [Day(date(2025, 12, 1), 1, 1), Day(date(2025, 12, 15), 2, 2)]
    assert await ages(clickhouse, user.organisation_id) == [1, 31, 31, 45]
    assert await deletions(database) == []


async def test_the_audit_log_says_what_was_deleted_and_a_second_run_finds_nothing(
    database: Database, clickhouse: ClickHouse
) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [1, 31, 45, 60])
    for _ in range(2):
        assert [it.name async for it in retained(database, clickhouse)] == ["Acme"]
    november, december = await deletions(database)
    assert november.subject == "opens of 2025-11-16 to 2025-11-16 (UTC)"
    assert december.before == {"events": 2, "drops": 2}
    assert december.after == {"events": 0, "drops": 0, "retentionDays": 30}
    assert december.actor_user_id is None


class KilledError(Exception):
    """The process was killed here."""


@pytest.mark.parametrize("statement", range(STATEMENTS + 1))
async def test_killed_at_any_statement_and_repeated_everything_is_gone_and_clean(
    database: Database, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch, statement: int
) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [1, 31, 45])
    command, said, is_killed = clickhouse.command, 0, False

    async def killed(*args: object, **more: object) -> None:
        nonlocal said, is_killed
        if said == statement:
            is_killed = True
            raise KilledError
        said += 1
        await command(*args, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(clickhouse, "command", killed)
        try:
            _ = [it async for it in retained(database, clickhouse)]
        except* KilledError:
            pass
    assert is_killed == (statement < STATEMENTS)
    await fill(clickhouse, user, [45])
    _ = [it async for it in retained(database, clickhouse)]
    assert await ages(clickhouse, user.organisation_id) == [1]
    assert await is_clean(clickhouse)
    assert await retention.clones(clickhouse) == []
    [counted] = await clickhouse.select("SELECT sum(events) AS events, sum(drops) AS drops FROM deleted_hits")
    assert counted == {"events": 3, "drops": 3}, "each once"
    assert await deleting(clickhouse) == 0
    assert sum(entry.before["events"] for entry in await deletions(database) if entry.before) >= 3


async def test_late_events_make_no_drift_and_go_with_the_next_run(database: Database, clickhouse: ClickHouse) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [1, 45])
    _ = [it async for it in retained(database, clickhouse)]
    await fill(clickhouse, user, [45])
    assert await is_clean(clickhouse)
    [again] = [it async for it in retained(database, clickhouse)]
    assert (again.events, await ages(clickhouse, user.organisation_id)) == (1, [1])
    assert await is_clean(clickhouse)


async def test_a_limit_raised_since_the_plan_is_heeded(database: Database, clickhouse: ClickHouse) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [31, 60])
    plan = retention.plan

    async def slow(*args: object, **more: object) -> list[Day]:
        found = await plan(*args, **more)  # type: ignore[arg-type]
        async with database.session() as session:
            await session.execute(update(OrganisationSettings).values(retention_days=50))
        return found

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(retention, "plan", slow)
        _ = [it async for it in retained(database, clickhouse)]
    assert await ages(clickhouse, user.organisation_id) == [31]
    assert await is_clean(clickhouse)


async def test_deleted_rows_are_not_only_hidden(database: Database, clickhouse: ClickHouse) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [31, 45])
    _ = [it async for it in retained(database, clickhouse)]
    assert await hidden_rows(clickhouse) == 0


async def test_the_timer_runs_once_a_utc_day(database: Database, clickhouse: ClickHouse) -> None:
    user = await organisation(database, "Acme", days=30)
    moments = iter([NOW, NOW, NOW + timedelta(hours=11), NOW + timedelta(hours=13)])
    await fill(clickhouse, user, [31, 30])

    async def connected() -> ClickHouse:
        return clickhouse

    timer = DailyRetention(database, connected, no_runs, lambda: next(moments))
    assert [await timer.look() for _ in range(4)] == [True, False, False, True]
    assert await ages(clickhouse, user.organisation_id) == []


async def test_two_workers_at_once_delete_and_record_everything_once(
    database: Database, clickhouse: ClickHouse
) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [1, *range(31, 41)])

    async def one() -> int:
        return sum([it.events async for it in retained(database, clickhouse, rows_per_chunk=4)])

    assert sum(await asyncio.gather(one(), one())) == 10
    assert sum(entry.before["events"] for entry in await deletions(database) if entry.before) == 10
    assert await ages(clickhouse, user.organisation_id) == [1]
    assert await is_clean(clickhouse)


def test_chunks_are_days_of_one_month_and_of_about_so_many_rows() -> None:
    days = [Day(date(2025, 11, 29) + timedelta(days=number), 4, 1) for number in range(6)]
    cut = [(chunk.first.day, chunk.last.day, chunk.month) for chunk in chunks(days, rows=10)]
    assert cut == [(29, 30, 202511), (1, 2, 202512), (3, 4, 202512)]
    assert [chunk.events for chunk in chunks(days, rows=1)] == [4] * 6


def test_a_day_goes_when_all_of_it_is_older_than_the_limit() -> None:
    assert first_kept(datetime(2026, 1, 15, 0, 0, tzinfo=UTC), 1) == date(2026, 1, 14)
    assert first_kept(datetime(2026, 1, 15, 23, 59, tzinfo=UTC), 1) == date(2026, 1, 14)


async def correct(clickhouse: ClickHouse, user: User, age: int) -> None:
    """Store a correction of that age, with the open it was found by."""
    at, visitor = NOW - timedelta(days=age), uuid4().bytes
    whose = {"at": at, "organisation_id": user.organisation_id, "visitor": visitor}
    await store(
        clickhouse,
        [Open(user_id=user.id, **whose), Reclassified(open_date=at.date(), **whose)],  # type: ignore[arg-type]
    )


async def test_corrections_go_with_the_opens_of_their_day(database: Database, clickhouse: ClickHouse) -> None:
    user, other = await organisation(database, "Short", days=30), await organisation(database, "Long", days=90)
    for age in (29, 31, 45):
        await correct(clickhouse, user, age)
    await correct(clickhouse, other, 45)
    deleted = {it.name: (it.events, it.drops) async for it in retained(database, clickhouse)}
    assert deleted == {"Short": (2, 0), "Long": (0, 0)}
    rows = await clickhouse.select("SELECT organisation_id, open_date FROM reclassifications ORDER BY open_date")
    assert [tuple(row.values()) for row in rows] == [
        (other.organisation_id, date(2025, 12, 1)),
        (user.organisation_id, date(2025, 12, 17)),
    ]
    assert await is_clean(clickhouse)


async def test_a_correction_left_behind_without_its_opens_goes_with_the_next_run(
    database: Database, clickhouse: ClickHouse
) -> None:
    user = await organisation(database, "Acme", days=30)
    await correct(clickhouse, user, 45)
    await clickhouse.command("DELETE FROM events WHERE true")
    assert not await is_clean(clickhouse)
    _ = [it async for it in retained(database, clickhouse)]
    await clickhouse.command("TRUNCATE TABLE opens_15m")  # the test took the opens from the log behind its back
    [left] = await clickhouse.query("stored_counts")
    assert (left["reclassifications"], left["events"]) == (0, 0)
