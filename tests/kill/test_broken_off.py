"""Blocks broken off in two lives of the broker: ingest goes on, what can be is formed again, the rest is repaired."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.store.base import utc_now
from app.store.database import Database
from app.store.models import MAINTENANCE, BlockLedgerEntry, MaintenanceHold
from tests.fixtures.stack import Stack
from tests.kill.accounts import assert_accounts_agree, assert_answered_are_logged_once
from tests.kill.load import Load

pytestmark = [pytest.mark.kill, pytest.mark.timeout(300)]

PER_SECOND = 300
STACK_ENV = {"SPOOL_RESEND_SECONDS": "4", "SPOOL_SEGMENT_SECONDS": "1"}
"""A new segment goes to another partition: every second, so that several partitions have something to do."""


@contextlib.asynccontextmanager
async def maintained(database: Database) -> AsyncIterator[None]:
    """Maintain ClickHouse in the body, as retention does: the store goes on, and repairs wait."""
    async with database.session() as session:
        session.add(MaintenanceHold(name=MAINTENANCE, owner="test", expires_at=utc_now() + timedelta(minutes=10)))
    yield
    async with database.session() as session:
        await session.delete(await session.get_one(MaintenanceHold, MAINTENANCE))


async def left_open(database: Database, *, besides: int | None = None) -> BlockLedgerEntry:
    """Wait for a block that stays open, in another partition than `besides`."""
    seen: dict[str | None, int] = {}
    while True:
        async with database.reading() as session:
            rows = await session.scalars(select(BlockLedgerEntry).where(BlockLedgerEntry.state == "open"))
            for row in rows:
                seen[row.token] = seen.get(row.token, 0) + 1
                if row.partition != besides and seen[row.token] > 10:
                    return row
        await asyncio.sleep(0.05)


async def until(says: Callable[[], bool]) -> None:
    while not await asyncio.to_thread(says):
        await asyncio.sleep(0.1)


async def test_a_worker_killed_in_an_insert_before_an_older_block_was_repaired_stops_nothing(stack: Stack) -> None:
    if "broker" not in stack.pids:
        pytest.skip("a Kafka cluster has one life")
    database = Database(stack.database_url)
    async with Load(stack.user_pixel_url, per_second=PER_SECOND) as load, asyncio.timeout(150):
        await load.more(PER_SECOND)
        stack.freeze("clickhouse")
        older = await left_open(database)
        await asyncio.to_thread(stack.kill, "worker", "broker")
        async with maintained(database):
            stack.thaw("clickhouse")
            await until(lambda: f"repair of events.clean[{older.partition}]" in str(stack.worker_status()))
            await until(lambda: stack.worker_status().get("stored", 0) > 0)  # the other partitions go on
            stack.freeze("clickhouse")
            newer = await left_open(database, besides=older.partition)
            await asyncio.to_thread(stack.kill, "worker")
        stack.thaw("clickhouse")
    await database.dispose()
    assert newer.life != older.life
    await asyncio.to_thread(stack.wait_settled)
    assert stack.worker_metric("heliograph_repaired_blocks_total") == 1
    assert stack.worker_metric("heliograph_repeated_blocks_total") >= 1
    assert_answered_are_logged_once(stack, load)
    assert_accounts_agree(stack)
