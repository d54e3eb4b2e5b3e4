"""Bringing ClickHouse to the schema of this version: numbered migrations forward only, then the views as defined.

Killed anywhere, the next run goes on: every statement is recorded after it was carried out and can be carried out
twice (`IF NOT EXISTS`), and a view is marked before it is remade.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from clickhouse.client import MAINTENANCE_SECONDS, ClickHouse
from clickhouse.errors import ClickHouseError
from clickhouse.migrate_views import renew_views, retired_views, stale_views
from clickhouse.rebuild import Hold
from clickhouse.schema_lock import schema_lock
from clickhouse.sql_files import MIGRATIONS, VIEWS, checksum, fill, read_command, read_commands, statements
from clickhouse.views import read_views

_FILE = re.compile(r"(?P<version>\d{4})_\w+\.sql")
_LOCK_SECONDS = 120.0


class SchemaError(ClickHouseError):
    """The schema and this version of the code do not fit together; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of `migrations/`."""

    version: int
    name: str
    statements: tuple[str, ...]
    checksum: str


def read_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """Read all migrations in order. Raises `SchemaError` for a wrong name or a number that is missing or doubled."""
    found: list[Migration] = []
    for path in sorted(folder.glob("*.sql")):
        if not (matched := _FILE.fullmatch(path.name)):
            raise SchemaError(f"migrations/{path.name} is not named NNNN_what_it_does.sql")
        text = path.read_text(encoding="utf-8")
        found.append(Migration(int(matched["version"]), path.stem, tuple(statements(text)), checksum(text)))
    for expected, migration in enumerate(found, start=1):
        if migration.version != expected:
            raise SchemaError(f"migrations/{migration.name}.sql has number {migration.version}, expected {expected}")
    return found


async def migrate(
    url: str,
    *,
    dedup_window_blocks: int,
    hold: Callable[[], Hold],
    say: Callable[[str], None] = lambda line: None,
    migrations: Path = MIGRATIONS,
    views: Path = VIEWS,
) -> None:
    """Create the database if needed, apply what is new, and create or remake the views whose definition changed,
    and drop those that are no more.

    Safe to repeat and to run at the same time in several processes: one works, the others wait for it. `hold` is
    taken only when a view must be remade from a log that holds rows. `say` is told of every step.
    Raises `SchemaError` when an applied migration was changed or is unknown to this version,
    `ClickHouseUnavailableError` when nobody answers.
    """
    files, definitions = read_migrations(migrations), read_views(views)
    await _create_database(url)
    clickhouse = await ClickHouse.open(url, timeout_seconds=MAINTENANCE_SECONDS)
    try:
        for statement in read_commands("schema_tables"):
            await clickhouse.command(statement)
        if not (
            await _pending(clickhouse, files)
            or await stale_views(clickhouse, definitions)
            or await retired_views(clickhouse, definitions)
        ):
            return
        async with schema_lock(clickhouse, wait_seconds=_LOCK_SECONDS):
            for migration, index in await _pending(clickhouse, files):
                say(f"migration {migration.name}, statement {index + 1} of {len(migration.statements)}")
                await _apply(clickhouse, migration, index, dedup_window_blocks)
            await renew_views(clickhouse, definitions, dedup_window_blocks=dedup_window_blocks, hold=hold, say=say)
    finally:
        await clickhouse.close()


async def _create_database(url: str) -> None:
    name = urlsplit(url).path.strip("/") or "default"
    clickhouse = await ClickHouse.open(url, timeout_seconds=30, is_database_needed=False)
    try:
        await clickhouse.command(read_command("create_database", database=name))
    finally:
        await clickhouse.close()


async def _pending(clickhouse: ClickHouse, files: list[Migration]) -> list[tuple[Migration, int]]:
    """Return the statements that were not carried out yet, as (migration, index), in order."""
    by_version = {migration.version: migration for migration in files}
    done: set[tuple[int, int]] = set()
    for row in await clickhouse.select(read_command("applied_migrations")):
        known = by_version.get(row["version"])
        if known is None:
            raise SchemaError(
                f"ClickHouse has migration {row['name']}, which this version does not know: "
                "it was migrated by a newer version; run that one"
            )
        if known.checksum != row["checksum"]:
            raise SchemaError(
                f"migrations/{known.name}.sql was changed after it was applied: "
                "restore the file and put the change into a new migration"
            )
        done.add((row["version"], row["statement"]))
    return [
        (migration, index)
        for migration in files
        for index in range(len(migration.statements))
        if (migration.version, index) not in done
    ]


async def _apply(clickhouse: ClickHouse, migration: Migration, index: int, dedup_window_blocks: int) -> None:
    await clickhouse.command(fill(migration.statements[index], dedup_window_blocks=dedup_window_blocks))
    await clickhouse.insert(
        "schema_migrations",
        {
            "version": [migration.version],
            "name": [migration.name],
            "statement": [index],
            "checksum": [migration.checksum],
        },
        query_id=f"schema-migration:{migration.version}:{index}",
        token=None,
    )
