"""Brings every store to the version of this code: relational tables, ClickHouse tables and views, topics."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from aiokafka.errors import KafkaError

from app.collector.topics import ensure_topics
from app.errors import AppError
from app.settings import Settings
from app.store.database import Database
from app.store.holds import hold_store
from app.store.migrate import upgrade_database
from clickhouse.errors import ClickHouseUnavailableError
from clickhouse.migrate import SchemaError, migrate
from clickhouse.schema_lock import SchemaLockedError

PATIENCE_SECONDS = 60.0
QUIET_SECONDS = 3.0
"""How long a store may be late before we say that we wait for it."""
_RETRY_SECONDS = 0.1


class MigrationError(Exception):
    """A store could not be brought up to date; the message says which, why, and what to do."""


async def migrate_all(settings: Settings, *, say: Callable[[str], None], with_topics: bool = True) -> None:
    """Migrate the relational store, then ClickHouse, then make the topics; idempotent.

    A store that does not answer yet is waited for, up to `PATIENCE_SECONDS` each. `say` is told of every step.
    Raises `MigrationError`.
    """
    await migrate_relational(settings, say=say)
    await migrate_clickhouse(settings, say=say)
    if with_topics:
        await make_topics(settings, say=say)


async def migrate_relational(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Run Alembic's migrations to the newest. Raises `MigrationError`."""
    url = settings.database_url.get_secret_value()
    await _patiently(lambda: upgrade_database(url), "The relational store", "DATABASE_URL", AppError, say=say)
    say("relational store: up to date")


async def migrate_clickhouse(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Run ClickHouse's migrations and renew its views. Raises `MigrationError`."""
    database = Database(settings.database_url.get_secret_value())

    async def work() -> None:
        try:
            await migrate(
                settings.clickhouse_url.get_secret_value(),
                dedup_window_blocks=settings.dedup_window_blocks,
                hold=lambda: hold_store(database),
                say=lambda step: say(f"clickhouse: {step}"),
            )
        except (SchemaError, SchemaLockedError, AppError) as error:
            raise MigrationError(str(error)) from error

    try:
        await _patiently(work, "ClickHouse", "CLICKHOUSE_URL", ClickHouseUnavailableError, say=say)
    finally:
        await database.dispose()
    say("clickhouse: up to date")


async def make_topics(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Make the topics that are missing. Raises `MigrationError`."""
    away = (KafkaError, OSError, TimeoutError)
    await _patiently(lambda: ensure_topics(settings), "Kafka", "KAFKA_URL", *away, say=say)
    say("topics: present")


async def _patiently(
    work: Callable[[], Awaitable[object]],
    store: str,
    setting: str,
    *away: type[Exception],
    say: Callable[[str], None],
) -> None:
    """Do the work, again and again while the store is away; say once that we wait."""
    started_at = time.monotonic()
    is_said = False
    while True:
        try:
            await work()
            return
        except away as error:
            waited = time.monotonic() - started_at
            if waited > PATIENCE_SECONDS:
                raise MigrationError(f"{store} cannot be reached: {error}. Check {setting}, or start it.") from error
            if waited > QUIET_SECONDS and not is_said:
                is_said = True
                say(f"waiting for {store} ({setting}), for {PATIENCE_SECONDS:g} s at most: {error}")
            await asyncio.sleep(_RETRY_SECONDS)
