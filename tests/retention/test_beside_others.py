"""What ingest, verification, rebuilding and a crash do while ClickHouse is deleting in the background."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date
from pathlib import Path

import pytest

from app.embedded.ports import find_free
from app.errors import ConflictError
from app.retention.service import run
from app.store.database import Database
from app.store.holds import hold_store
from app.store.ledger import BlockLedger
from clickhouse import retention
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseUnavailableError
from clickhouse.mutations import MutationFailedError, until_none_is_under_way
from clickhouse.rebuild import rebuild
from clickhouse.sql_files import read_command
from clickhouse.verify import verify
from tests.fixtures.clickhouse import start_clickhouse, stop_clickhouse
from tests.fixtures.log import migrate_all, no_hold, no_runs
from tests.retention.test_retention import NOW, KilledError, ages, deletions, fill, hidden_rows, is_clean, organisation

TABLES = ("events", "drops", "event_ids", "opens_15m", "visits_15m", "organisation_opens_15m")


async def delete(database: Database, clickhouse: ClickHouse) -> None:
    async for _ in run(database, clickhouse, now=NOW, beginnings=no_runs, rest_ratio=0):
        pass


async def under_way(clickhouse: ClickHouse) -> set[str]:
    return {row["table"] for row in await clickhouse.select(read_command("mutations_under_way"))}


@asynccontextmanager
async def slow(clickhouse: ClickHouse) -> AsyncIterator[None]:
    """Let ClickHouse delete nothing of what it is asked for while the body runs."""
    for table in TABLES:
        await clickhouse.command(f"SYSTEM STOP MERGES {clickhouse.database}.{table}")
    try:
        yield
    finally:
        for table in TABLES:
            await clickhouse.command(f"SYSTEM START MERGES {clickhouse.database}.{table}")


async def until_asked(clickhouse: ClickHouse, database: Database) -> None:
    """Return when everything of a chunk has been asked for, and the store may go on."""
    ledger = BlockLedger(database, owner="test")
    async with asyncio.timeout(20):
        while not await under_way(clickhouse) >= set(TABLES) or await ledger.is_held():
            await asyncio.sleep(0.02)


async def test_ingest_goes_on_and_what_comes_late_is_whole_and_goes_next_time(
    database: Database, clickhouse: ClickHouse
) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [1, 31, 31])
    async with asyncio.TaskGroup() as tasks:
        async with slow(clickhouse):
            deleting = tasks.create_task(delete(database, clickhouse))
            await until_asked(clickhouse, database)
            await fill(clickhouse, user, [0, 31])
            assert not deleting.done()
        await deleting
    assert await ages(clickhouse, user.organisation_id) == [0, 1, 31]
    assert await is_clean(clickhouse)
    [entry] = await deletions(database)
    assert entry.before == {"events": 2, "drops": 2}
    await delete(database, clickhouse)
    assert await ages(clickhouse, user.organisation_id) == [0, 1]
    assert await is_clean(clickhouse)
    assert await hidden_rows(clickhouse) == 0


async def test_nobody_verifies_or_rebuilds_while_it_deletes(database: Database, clickhouse: ClickHouse) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [1, 31])
    async with asyncio.TaskGroup() as tasks, slow(clickhouse):
        tasks.create_task(delete(database, clickhouse))
        await until_asked(clickhouse, database)
        with pytest.raises(ConflictError):
            await verify(clickhouse, hold=hold_store(database, wait_seconds=0))
        verifying = tasks.create_task(verify(clickhouse, hold=hold_store(database)))
        rebuilding = tasks.create_task(rebuild(clickhouse, hold=hold_store(database)))
    assert verifying.result().is_clean
    await rebuilding
    assert await ages(clickhouse, user.organisation_id) == [1]
    assert await is_clean(clickhouse)


@pytest.mark.parametrize("who", ["verify", "rebuild"])
async def test_who_comes_after_a_killed_run_waits_for_what_it_asked_for(
    database: Database, clickhouse: ClickHouse, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [1, 31])

    async def killed(*_: object, **__: object) -> None:
        raise KilledError

    async with asyncio.TaskGroup() as tasks, slow(clickhouse):
        monkeypatch.setattr(retention, "finish", killed)
        with suppress(KilledError):
            await delete(database, clickhouse)
        works = verify(clickhouse, hold=no_hold()) if who == "verify" else rebuild(clickhouse, hold=no_hold())
        working = tasks.create_task(works)
        await asyncio.sleep(0.5)
        assert not working.done()
    report = working.result()
    assert report is None or report.is_clean
    assert await ages(clickhouse, user.organisation_id) == [1]
    assert await is_clean(clickhouse)


async def test_a_deletion_that_fails_is_given_up_says_why_and_is_repeated(
    database: Database, clickhouse: ClickHouse
) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [1, 31])
    await clickhouse.command("ALTER TABLE drops DELETE WHERE throwIf(1, 'no disk') SETTINGS mutations_sync = 0")
    with pytest.raises(MutationFailedError, match=r"drops: .*no disk"):
        await delete(database, clickhouse)
    await until_none_is_under_way(clickhouse)
    await delete(database, clickhouse)
    assert await ages(clickhouse, user.organisation_id) == [1]
    assert await is_clean(clickhouse)


async def test_what_was_counted_of_a_day_while_it_was_deleted_goes_next_time(
    database: Database, clickhouse: ClickHouse
) -> None:
    user = await organisation(database, "Acme", days=30)
    await fill(clickhouse, user, [1])
    for table in ("closed_parts", "closed_opens"):
        await clickhouse.command(
            f"INSERT INTO {table} (organisation_id, from_at, until_at) VALUES "
            f"('{user.organisation_id}', '2025-12-01 00:00:00', '2025-12-02 00:00:00')"
        )
    assert await retention.plan(clickhouse, user.organisation_id, before=date(2025, 12, 16)) != []
    await delete(database, clickhouse)
    assert await retention.plan(clickhouse, user.organisation_id, before=date(2025, 12, 16)) == []
    assert await deletions(database) == [], "of the log nothing was deleted"


async def test_clickhouse_killed_while_it_deletes_ends_it_after_its_restart(database: Database, tmp_path: Path) -> None:
    [port] = find_free(1)
    url = f"http://default:secret@127.0.0.1:{port}/log"
    process = start_clickhouse(tmp_path, port, "secret")
    try:
        await migrate_all(url)
        clickhouse = await ClickHouse.connect(url, timeout_seconds=30)
        user = await organisation(database, "Acme", days=30)
        await fill(clickhouse, user, [1, 31, 45])
        async with asyncio.TaskGroup() as tasks:
            for table in TABLES:
                await clickhouse.command(f"SYSTEM STOP MERGES log.{table}")
            deleting = tasks.create_task(_fails(delete(database, clickhouse)))
            await until_asked(clickhouse, database)
            await fill(clickhouse, user, [31])
            process.kill()
            process.wait()
            await deleting
        await clickhouse.close()
        process = start_clickhouse(tmp_path, port, "secret")
        clickhouse = await ClickHouse.connect(url, timeout_seconds=30)
        await until_none_is_under_way(clickhouse)
        assert await is_clean(clickhouse)
        await delete(database, clickhouse)
        assert await ages(clickhouse, user.organisation_id) == [1]
        assert await is_clean(clickhouse)
        assert await retention.clones(clickhouse) == []
        await clickhouse.close()
    finally:
        stop_clickhouse(process)


async def _fails(work: object) -> None:
    with pytest.raises(ClickHouseUnavailableError):
        await work  # type: ignore[misc]
