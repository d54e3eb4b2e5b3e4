"""Readiness tells the truth about what is frozen: red soon after it began, and green soon after its end.

A frozen process keeps its connections and says nothing, so no call fails: that is what a promise of 5 s is made of.
The limits here are wider, because machines of tests are shared.
"""

import asyncio
import contextlib
import re
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.fixtures.stack import Stack
from tests.pipeline.test_faults import Opens, until

pytestmark = [pytest.mark.kill, pytest.mark.timeout(240)]
SOON_SECONDS = 9.0
"""Less than any time-out of a driver: SQLite's is 10 s."""
GREEN_SECONDS = 20.0


@pytest.fixture
async def well(stack: Stack) -> AsyncIterator[Stack]:
    """The product, settled before and after."""
    await asyncio.to_thread(stack.wait_settled)
    await until(lambda: stack.worker_status().get("lag") == 0, "the lag is known, and none")
    yield stack
    await asyncio.to_thread(stack.wait_settled)


@contextlib.asynccontextmanager
async def frozen(stack: Stack, name: str) -> AsyncIterator[float]:
    """Freeze a process for the body; yields when that was (monotonic)."""
    if name not in stack.pids:
        pytest.skip(f"{name} is no process of the product here")
    stack.freeze(name)
    try:
        yield time.monotonic()
    finally:
        stack.thaw(name)


def reasons_of(status: Callable[[], dict[str, Any]]) -> str:
    found = status()
    return "; ".join(found["reasons"]) if found.get("status") == "not_ready" else ""


async def says(status: Callable[[], dict[str, Any]], what: str) -> str:
    """Wait until readiness is red with this in its reasons; return them."""
    await until(lambda: what in reasons_of(status), f"readiness says {what!r}", SOON_SECONDS)
    return reasons_of(status)


async def is_green(status: Callable[[], dict[str, Any]]) -> None:
    await until(lambda: status().get("status") == "ready", "readiness is green again", GREEN_SECONDS)


async def test_worker_says_that_clickhouse_is_frozen_though_nothing_is_to_be_stored(well: Stack) -> None:
    lines = well.log_text("worker").count("clickhouse: ")
    async with frozen(well, "clickhouse") as since:
        await says(well.worker_status, "clickhouse is away")
        await asyncio.sleep(4)
        reason = await says(well.worker_status, "clickhouse is away")
        elapsed = time.monotonic() - since
        [said] = re.findall(r"clickhouse is away for (\d+) s", reason)
        assert 0 <= elapsed - int(said) < 4, "counted from the first question without an answer"
    await is_green(well.worker_status)
    await until(
        lambda: well.log_text("worker").count("clickhouse: ") == lines + 2, "one line at the begin and one at the end"
    )


async def test_worker_says_that_clickhouse_is_frozen_while_hits_are_to_be_stored(well: Stack) -> None:
    opens = Opens(well)
    async with frozen(well, "clickhouse"):
        await opens.send(50)
        await says(well.worker_status, "clickhouse is away")
    await is_green(well.worker_status)
    await asyncio.to_thread(well.wait_settled)
    opens.assert_logged_exactly_once()


async def test_worker_and_collector_say_that_the_broker_is_frozen_and_the_lag_is_unknown(well: Stack) -> None:
    opens = Opens(well)
    lines = well.log_text("worker").count("kafka: ")
    async with frozen(well, "broker"):
        await opens.send(50)
        await says(well.worker_status, "kafka is away")
        assert well.worker_status()["lag"] is None
        assert well.worker_metric("heliograph_waiting_partitions") == 0
        await says(well.collector_status, "Kafka")
    await is_green(well.worker_status)
    await is_green(well.collector_status)
    await until(lambda: well.worker_status().get("lag") == 0, "the lag is known again")
    await asyncio.to_thread(well.wait_settled)
    opens.assert_logged_exactly_once()
    await until(
        lambda: well.log_text("worker").count("kafka: ") == lines + 2, "one line at the begin and one at the end"
    )


async def test_worker_says_that_the_database_is_locked_while_hits_are_to_be_stored(well: Stack) -> None:
    path = well.ready["database_url"].removeprefix("sqlite+aiosqlite:///")
    if "://" in path:
        pytest.skip("only SQLite has a lock of its file")
    opens = Opens(well)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await opens.send(20)
        await says(well.worker_status, "database is away")
        other.execute("ROLLBACK")
    await is_green(well.worker_status)
    await asyncio.to_thread(well.wait_settled)
    opens.assert_logged_exactly_once()


async def test_worker_stays_green_while_redis_is_frozen_because_everything_is_stored(well: Stack) -> None:
    opens = Opens(well)
    async with frozen(well, "redis"):
        await opens.send(50)
        await until(lambda: len(opens.logged()) == 50, "all is in the log")
        assert well.worker_status()["status"] == "ready"
        assert well.collector_status()["status"] == "ready"
        await until(lambda: "Redis" in str(well.api_status().get("reasons")), "the API names it", SOON_SECONDS)
    await until(lambda: well.api_status().get("status") == "ready", "the API is well again", GREEN_SECONDS)


async def test_api_says_that_clickhouse_is_frozen(well: Stack) -> None:
    async with frozen(well, "clickhouse"):
        await says(well.api_status, "ClickHouse")
    await is_green(well.api_status)
