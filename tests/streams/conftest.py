"""A migrated relational store and event log for the tests of the stream."""

from collections.abc import AsyncIterator

import pytest

from app.store.database import Database
from clickhouse.client import ClickHouse


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """A fresh SQLite with all tables."""
    database = Database(sqlite_url)
    yield database
    await database.dispose()


@pytest.fixture
async def event_log(migrated_url: str) -> AsyncIterator[ClickHouse]:
    """A migrated, empty database of this test's own in the real engine."""
    client = await ClickHouse.connect(migrated_url, timeout_seconds=30)
    yield client
    await client.close()
