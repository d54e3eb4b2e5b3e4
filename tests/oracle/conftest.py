"""A log of random opens, the same at every run, stored once for all recounts."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from clickhouse.client import ClickHouse
from tests.fixtures.log import drop_database, migrate_all, store, with_database
from tests.oracle.random_log import Log, random_log


@pytest.fixture(scope="session")
def log() -> Log:
    """What was stored, for the recount."""
    return random_log(seed=20_251_102)


@pytest.fixture(scope="session")
def log_url(clickhouse_url: str, log: Log) -> Iterator[str]:
    """URL of a database that holds exactly `log`, inserted in its blocks."""
    url = with_database(clickhouse_url, f"oracle_{secrets.token_hex(6)}")
    asyncio.run(_fill(url, log))
    yield url
    asyncio.run(drop_database(url))


async def _fill(url: str, log: Log) -> None:
    await migrate_all(url)
    clickhouse = await ClickHouse.connect(url, timeout_seconds=30)
    rows = [*log.opens, *log.drops, *log.reclassifications]
    for block in sorted({row.block for row in rows}):
        await store(clickhouse, [row for row in rows if row.block == block], token=block)
    columns = {name: [getattr(row, name) for row in log.deletions] for name in ("name", "since_ms", "events", "drops")}
    await clickhouse.insert("deleted_hits", columns, query_id=f"oracle:{secrets.token_hex(6)}", token=None)
    await clickhouse.close()


@pytest_asyncio.fixture
async def clickhouse(log_url: str) -> AsyncIterator[ClickHouse]:
    """Client of the database with the log."""
    client = await ClickHouse.connect(log_url, timeout_seconds=30)
    yield client
    await client.close()
