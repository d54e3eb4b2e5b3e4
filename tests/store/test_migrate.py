import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

import app.audit.models
import app.campaigns.models
import app.identity.models
import app.signatures.models
import app.store.models
import app.tracking.models  # noqa: F401
from app.errors import UnavailableError
from app.store.base import Base
from app.store.database import Database
from app.store.migrate import current_revision, downgrade_database, upgrade_database

POSTGRESQL = os.environ.get("DATABASE_URL", "")
STORES = ["sqlite"]
if POSTGRESQL.startswith("postgresql"):
    STORES.append("postgresql")


@pytest.fixture(params=STORES)
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/100% new/heliograph.db"
        return
    await downgrade_database(POSTGRESQL, "base")
    yield POSTGRESQL
    await downgrade_database(POSTGRESQL, "base")


async def tables(url: str) -> set[str]:
    database = Database(url)
    async with database.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await database.dispose()
    return set(names) - {"alembic_version"}


async def test_up_down_and_up_again_gives_the_same_tables(url: str) -> None:
    await upgrade_database(url)
    first = await tables(url)
    assert first == set(Base.metadata.tables)
    await downgrade_database(url, "base")
    assert await tables(url) == set()
    assert await current_revision(url) is None
    await upgrade_database(url)
    assert await tables(url) == first


async def test_migrations_make_exactly_what_the_models_say(url: str) -> None:
    await upgrade_database(url)
    database = Database(url)
    async with database.engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), Base.metadata)
        )
    await database.dispose()
    assert differences == []


async def test_upgrading_twice_changes_nothing(url: str) -> None:
    await upgrade_database(url)
    at = await current_revision(url)
    await upgrade_database(url)
    assert await current_revision(url) == at


async def test_processes_that_migrate_at_once_wait_for_each_other(url: str) -> None:
    await asyncio.gather(*(upgrade_database(url) for _ in range(4)))
    assert await tables(url) == set(Base.metadata.tables)


async def test_a_store_that_is_away_is_said_to_be_away() -> None:
    with pytest.raises(UnavailableError, match="relational store"):
        await upgrade_database("postgresql+asyncpg://nobody:nothing@127.0.0.1:1/none")


async def test_a_failed_migration_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/heliograph.db"
    database = Database(url)
    async with database.session() as session:
        await session.execute(text("CREATE TABLE salts (day DATE)"))  # in the way of the migration
    await database.dispose()
    with pytest.raises(UnavailableError, match="already exists"):
        await upgrade_database(url)
    assert await tables(url) == {"salts"}
