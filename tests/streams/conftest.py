"""A migrated relational store and event log for the tests of the stream."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from app.settings import Settings
from app.store.database import Database
from app.store.holds import hold_store
from app.store.migrate import upgrade_database
from clickhouse.client import ClickHouse
from clickhouse.migrate import migrate


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh SQLite with all tables."""
    url = f"sqlite+aiosqlite:///{tmp_path}/test.db"
    await upgrade_database(url)
    database = Database(url)
    yield database
    await database.dispose()


@pytest.fixture
async def event_log(clickhouse_url: str, database: Database) -> AsyncIterator[ClickHouse]:
    """A database of its own in the real engine, migrated."""
    url = clickhouse_url.rsplit("/", 1)[0] + f"/test_{uuid4().hex}"
    await migrate(
        url,
        dedup_window_blocks=Settings().dedup_window_blocks,
        hold=lambda: hold_store(database),
        say=lambda _step: None,
    )
    client = await ClickHouse.connect(url, timeout_seconds=30)
    yield client
    await client.close()
