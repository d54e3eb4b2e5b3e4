"""Migrations of the relational store, up and down, safe when several processes start at once."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from app.store.database import Database

_LOCK = 0x48454C49  # "HELI": PostgreSQL's advisory lock that migrations wait for


async def upgrade_database(url: str, revision: str = "head") -> None:
    """Bring the store to `revision`; does nothing if it is there already.

    One transaction: a migration that fails leaves the store as it was. A second process waits for the first.
    Raises `UnavailableError` when the store is away.
    """
    await _run(url, lambda config: command.upgrade(config, revision))


async def downgrade_database(url: str, revision: str) -> None:
    """Take the store back to `revision`, or to nothing with `base`; what later tables held is gone."""
    await _run(url, lambda config: command.downgrade(config, revision))


async def current_revision(url: str) -> str | None:
    """Return the revision the store is at, or None for an empty one."""
    database = Database(url)
    try:
        async with database.reading() as session:
            connection = await session.connection()
            return await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    finally:
        await database.dispose()


async def _run(url: str, change: Callable[[Config], None]) -> None:
    database = Database(url)
    try:
        async with database.session() as session:
            connection = await session.connection()  # on SQLite this took the write lock
            if not database.is_sqlite:
                await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            await connection.run_sync(lambda sync: change(_config(sync)))
    finally:
        await database.dispose()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
