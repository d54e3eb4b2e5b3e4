import asyncio
import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest

from clickhouse import schema_lock as schema_lock_module
from clickhouse.client import ClickHouse
from clickhouse.migrate import SchemaError, migrate, read_migrations
from clickhouse.schema_lock import SchemaLockedError, schema_lock
from clickhouse.sql_files import MIGRATIONS, VIEWS, read_command
from clickhouse.verify import verify
from tests.fixtures.log import DEDUP_WINDOW_BLOCKS, Open, at, no_hold, store

TABLES = {
    "closed_epochs",
    "closed_opens",
    "closed_parts",
    "deleted_hits",
    "deletions",
    "drops",
    "event_ids",
    "event_ids_drops_mv",
    "event_ids_mv",
    "event_ids_reclassifications_mv",
    "events",
    "opens_15m",
    "opens_15m_mv",
    "organisation_opens_15m",
    "organisation_opens_15m_mv",
    "reclassifications",
    "schema_locks",
    "schema_migrations",
    "schema_views",
    "visits_15m",
    "visits_15m_mv",
}

NEXT = len(read_migrations()) + 1
"""Number of the next migration."""


class Files:
    """Copies of the migrations and views that a test may change."""

    def __init__(self, folder: Path) -> None:
        self.migrations, self.views = folder / "migrations", folder / "views"
        shutil.copytree(MIGRATIONS, self.migrations)
        shutil.copytree(VIEWS, self.views)

    async def migrate(self, url: str, *, say=lambda line: None, hold=no_hold) -> None:
        await migrate(
            url,
            dedup_window_blocks=DEDUP_WINDOW_BLOCKS,
            hold=hold,
            say=say,
            migrations=self.migrations,
            views=self.views,
        )


@pytest.fixture
def files(tmp_path) -> Files:
    return Files(tmp_path)


async def _tables(url: str) -> set[str]:
    clickhouse = await ClickHouse.open(url, timeout_seconds=30)
    rows = await clickhouse.select(read_command("existing_tables"))
    await clickhouse.close()
    return {row["name"] for row in rows}


async def _store_some(url: str, count: int = 20) -> None:
    clickhouse = await ClickHouse.open(url, timeout_seconds=30)
    moments = (at("2025-10-31T23:59:59"), at("2025-11-20T10:00:00"))
    rows = [Open(at=moments[n % 2], organisation_id=UUID(int=1), user_id=UUID(int=2)) for n in range(count)]
    await store(clickhouse, rows, token=f"block-{count}")
    await clickhouse.close()


async def test_empty_server_gets_the_whole_schema_and_a_second_run_does_nothing(empty_url: str, files: Files):
    said: list[str] = []
    await files.migrate(empty_url, say=said.append)
    assert await _tables(empty_url) == TABLES
    assert said
    said.clear()
    await files.migrate(empty_url, say=said.append)
    assert said == []


async def test_the_window_of_tokens_is_the_setting(empty_url: str, files: Files):
    await files.migrate(empty_url)
    clickhouse = await ClickHouse.open(empty_url, timeout_seconds=30)
    rows = await clickhouse.select(
        "SELECT name, create_table_query AS made FROM system.tables "
        "WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND NOT startsWith(name, 'schema_')"
    )
    await clickhouse.close()
    assert len(rows) == 12
    for row in rows:
        assert f"non_replicated_deduplication_window = {DEDUP_WINDOW_BLOCKS}" in row["made"], row["name"]


async def test_processes_that_start_at_once_do_each_step_once(empty_url: str, files: Files):
    said: list[str] = []
    await asyncio.gather(*(files.migrate(empty_url, say=said.append) for _ in range(3)))
    assert await _tables(empty_url) == TABLES
    assert len(said) == len(set(said))


@pytest.mark.parametrize("killed_at", [1, 2, 3, 5, 7])
async def test_a_run_killed_at_any_step_is_finished_by_the_next(empty_url: str, files: Files, killed_at: int):
    steps = 0

    class Killed(BaseException):
        pass

    def say(line: str) -> None:
        nonlocal steps
        steps += 1
        if steps == killed_at:
            raise Killed

    with pytest.raises(Killed):
        await files.migrate(empty_url, say=say)
    await files.migrate(empty_url)
    assert await _tables(empty_url) == TABLES


async def test_statement_carried_out_but_not_recorded_is_repeated_harmlessly(empty_url: str, files: Files):
    await files.migrate(empty_url)
    await _store_some(empty_url)
    clickhouse = await ClickHouse.open(empty_url, timeout_seconds=30)
    await clickhouse.command("TRUNCATE TABLE schema_migrations")
    await files.migrate(empty_url)
    [counted] = await clickhouse.select("SELECT count() AS events FROM events")
    await clickhouse.close()
    assert counted["events"] == 20


async def test_new_migration_is_applied_after_the_old_ones(empty_url: str, files: Files):
    await files.migrate(empty_url)
    (files.migrations / f"{NEXT:04d}_notes.sql").write_text(
        "CREATE TABLE IF NOT EXISTS notes (text String) ENGINE = MergeTree ORDER BY text; -- ends; here\n"
        "ALTER TABLE notes ADD COLUMN IF NOT EXISTS at DateTime;"
    )
    await files.migrate(empty_url)
    assert await _tables(empty_url) == TABLES | {"notes"}


async def test_changed_migration_is_refused_with_what_to_do(empty_url: str, files: Files):
    await files.migrate(empty_url)
    path = files.migrations / "0001_log.sql"
    path.write_text(path.read_text() + "\n-- a change\n")
    with pytest.raises(SchemaError, match=r"0001_log\.sql was changed after it was applied: restore the file"):
        await files.migrate(empty_url)


async def test_database_of_a_newer_version_is_refused(empty_url: str, files: Files):
    newer = files.migrations / f"{NEXT:04d}_newer.sql"
    newer.write_text("CREATE TABLE IF NOT EXISTS newer (x UInt8) ENGINE = MergeTree ORDER BY x;")
    await files.migrate(empty_url)
    newer.unlink()
    with pytest.raises(SchemaError, match=f"{NEXT:04d}_newer, which this version does not know"):
        await files.migrate(empty_url)


def test_numbers_have_no_gap_and_names_follow_the_rule(files: Files):
    (files.migrations / f"{NEXT + 1:04d}_gap.sql").write_text("SELECT 1;")
    with pytest.raises(SchemaError, match=f"has number {NEXT + 1}, expected {NEXT}"):
        read_migrations(files.migrations)
    (files.migrations / f"{NEXT + 1:04d}_gap.sql").rename(files.migrations / "second.sql")
    with pytest.raises(SchemaError, match=r"second\.sql is not named"):
        read_migrations(files.migrations)


async def test_changed_view_is_remade_from_the_log_while_the_store_is_held(empty_url: str, files: Files):
    await files.migrate(empty_url)
    await _store_some(empty_url)
    path = files.views / "organisation_opens_15m.sql"
    path.write_text(path.read_text().replace("count() AS opens", "count() * 10 AS opens"))
    holds = 0

    @asynccontextmanager
    async def hold():
        nonlocal holds
        holds += 1
        yield

    await files.migrate(empty_url, hold=hold)
    assert holds == 1
    clickhouse = await ClickHouse.open(empty_url, timeout_seconds=30)
    [summed] = await clickhouse.select("SELECT sum(opens) AS opens FROM organisation_opens_15m")
    assert summed["opens"] == 200
    await clickhouse.close()
    await _store_some(empty_url, 5)
    clickhouse = await ClickHouse.open(empty_url, timeout_seconds=30)
    [summed] = await clickhouse.select("SELECT sum(opens) AS opens FROM organisation_opens_15m")
    await clickhouse.close()
    assert summed["opens"] == 250, "new rows are counted by the new definition, and only by it"
    await files.migrate(empty_url, hold=hold)
    assert holds == 1, "nothing to remake, nothing to hold"


async def test_new_view_over_an_old_log_is_filled(empty_url: str, files: Files):
    (files.views / "visits_15m.sql").rename(files.views / "visits_15m.later")
    await files.migrate(empty_url)
    await _store_some(empty_url)
    (files.views / "visits_15m.later").rename(files.views / "visits_15m.sql")
    await files.migrate(empty_url)
    clickhouse = await ClickHouse.connect(empty_url, timeout_seconds=30)
    report = await verify(clickhouse, hold=no_hold())
    await clickhouse.close()
    assert report.drifts == []


async def test_view_that_is_no_more_is_dropped_while_the_store_is_held(empty_url: str, files: Files):
    old = (files.views / "visits_15m.sql").read_text().replace("visits_15m", "opens_1d")
    (files.views / "opens_1d.sql").write_text(old)
    await files.migrate(empty_url)
    await _store_some(empty_url)
    (files.views / "opens_1d.sql").unlink()
    holds, said = 0, []

    @asynccontextmanager
    async def hold():
        nonlocal holds
        holds += 1
        yield

    for _ in range(2):
        await files.migrate(empty_url, hold=hold, say=said.append)
    assert (holds, said) == (1, ["view opens_1d, which is no more"])
    clickhouse = await ClickHouse.open(empty_url, timeout_seconds=30)
    assert {row["name"] for row in await clickhouse.select(read_command("existing_tables"))} == TABLES
    await clickhouse.close()
    await _store_some(empty_url, 5)


async def test_view_whose_remaking_was_interrupted_is_remade_by_the_next_run(empty_url: str, files: Files):
    await files.migrate(empty_url)
    await _store_some(empty_url)
    path = files.views / "visits_15m.sql"
    path.write_text(path.read_text() + "-- changed\n")

    @asynccontextmanager
    async def lost_hold():
        clickhouse = await ClickHouse.open(empty_url, timeout_seconds=30)
        await clickhouse.command("DROP TABLE visits_15m_mv SYNC")
        await clickhouse.command("TRUNCATE TABLE visits_15m")
        await clickhouse.close()
        raise ConnectionError("killed")
        yield

    with pytest.raises(ConnectionError):
        await files.migrate(empty_url, hold=lost_hold)
    await files.migrate(empty_url)
    clickhouse = await ClickHouse.connect(empty_url, timeout_seconds=30)
    report = await verify(clickhouse, hold=no_hold())
    await clickhouse.close()
    assert report.drifts == []


async def test_lock_that_is_held_makes_others_give_up_after_their_patience(clickhouse: ClickHouse):
    async with schema_lock(clickhouse, wait_seconds=5):
        with pytest.raises(SchemaLockedError, match="another process has been migrating"):
            async with schema_lock(clickhouse, wait_seconds=0):
                pass
    async with schema_lock(clickhouse, wait_seconds=0):
        pass


async def test_lock_of_a_process_that_was_killed_goes_stale(clickhouse: ClickHouse, monkeypatch):
    monkeypatch.setattr(schema_lock_module, "STALE_SECONDS", 1)
    await clickhouse.insert(
        "schema_locks", {"owner": ["killed"], "is_released": [False]}, query_id="test:killed", token=None
    )
    async with schema_lock(clickhouse, wait_seconds=30):
        pass


async def test_lock_is_never_held_twice(clickhouse: ClickHouse):
    inside = 0

    async def work() -> None:
        nonlocal inside
        async with schema_lock(clickhouse, wait_seconds=60):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.05)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(4)))
