"""Planned recycling of the embedded broker under load: every answered request is counted exactly once.

It stands here and not with the other kill tests, because Apache Kafka is never recycled.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.stack import Stack
from tests.kill.accounts import assert_accounts_agree, assert_answered_are_logged_once
from tests.kill.load import Load

pytestmark = [pytest.mark.kill, pytest.mark.timeout(720)]

LIMIT_MB = 1
"""Less than a fresh broker takes: it is recycled again as soon as the worker is back."""
PER_SECOND = 150


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Stack]:
    """The product with hardly any memory for its broker."""
    small = Stack(tmp_path / "data", options=("--broker-memory-limit-mb", str(LIMIT_MB)))
    try:
        small.start()
        yield small
    finally:
        if small.is_running:
            small.stop()


def recycled(stack: Stack) -> int:
    return stack.log_text("broker").count(" recycled\n")


@pytest.mark.parametrize("times", [2, pytest.param(20, marks=pytest.mark.deep)])
async def test_recyclings_under_load_lose_and_double_nothing(small: Stack, times: int) -> None:
    async with Load(small.user_pixel_url, per_second=PER_SECOND) as load, asyncio.timeout(600):
        while recycled(small) < times:
            await asyncio.sleep(0.5)
    assert "not everything was stored in time" not in small.output()
    # With this limit it would be recycled for ever; the next start, with room again, has to finish the rest.
    assert await asyncio.to_thread(small.stop) == 0
    small.options = ()
    await asyncio.to_thread(small.start)
    await asyncio.to_thread(small.wait_settled)
    assert small.collector_status()["forwarder"]["state"] == "forwarding", "the hold is gone"
    assert_answered_are_logged_once(small, load)
    assert_accounts_agree(small)
