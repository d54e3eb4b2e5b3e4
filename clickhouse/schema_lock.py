"""One migration at a time: a lock in ClickHouse itself, which has no locks, only rows that everybody sees."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseError
from clickhouse.sql_files import read_command
from clickhouse.tasks import end

BEAT_SECONDS = 2.0
STALE_SECONDS = 10
"""A lock whose owner has given no sign of life for so long was left by a process that was killed."""


class SchemaLockedError(ClickHouseError):
    """Another process has been migrating for longer than we wait."""


@asynccontextmanager
async def schema_lock(clickhouse: ClickHouse, *, wait_seconds: float) -> AsyncIterator[None]:
    """Hold the lock for the body. Raises `SchemaLockedError` if others hold it for longer than `wait_seconds`.

    Everybody writes down their wish first and looks second, so of two at least one sees the other; whoever is not
    alone steps back and tries again after a random while.
    """
    owner = await _acquire(clickhouse, wait_seconds)
    beating = asyncio.create_task(_beat(clickhouse, owner))
    try:
        yield
    finally:
        await end(beating)
        with suppress(ClickHouseError):  # it goes stale by itself
            await _write(clickhouse, owner, is_released=True)


async def _acquire(clickhouse: ClickHouse, wait_seconds: float) -> str:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait_seconds
    while True:
        owner = secrets.token_hex(8)
        await _write(clickhouse, owner, is_released=False)
        rows = await clickhouse.select(read_command("live_locks"), {"stale_seconds": STALE_SECONDS})
        others = [row["owner"] for row in rows if row["owner"] != owner]
        if not others:
            return owner
        await _write(clickhouse, owner, is_released=True)
        if loop.time() > deadline:
            raise SchemaLockedError(
                f"another process has been migrating ClickHouse for {wait_seconds:g} s; wait for it, or end it"
            )
        await asyncio.sleep(0.2 + secrets.randbelow(800) / 1000)


async def _beat(clickhouse: ClickHouse, owner: str) -> None:
    while True:
        await asyncio.sleep(BEAT_SECONDS)
        with suppress(ClickHouseError):  # the next beat may come through
            await _write(clickhouse, owner, is_released=False)


async def _write(clickhouse: ClickHouse, owner: str, *, is_released: bool) -> None:
    await clickhouse.insert(
        "schema_locks",
        {"owner": [owner], "is_released": [is_released]},
        query_id=f"schema-lock:{owner}:{secrets.token_hex(4)}",
        token=None,
    )
