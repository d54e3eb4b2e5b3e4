"""Planned recycling of the embedded broker, twenty times under load: every answered request is counted exactly once."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.stack import Stack
from tests.kill.accounts import assert_accounts_agree, assert_answered_are_logged_once
from tests.kill.load import Load

pytestmark = [pytest.mark.kill, pytest.mark.timeout(480)]

TIMES = 20
LIMIT_MB = 32
"""A fresh broker takes less than half of it, and this load fills the rest within a second or two."""
PER_SECOND = 600


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The product with hardly any memory for its broker."""
    small = Stack(tmp_path_factory.mktemp("small") / "data", options=("--broker-memory-limit-mb", str(LIMIT_MB)))
    try:
        yield small.start()
    finally:
        if small.is_running:
            small.stop()


def recycled(stack: Stack) -> int:
    return stack.log_text("broker").count(" recycled\n")


async def test_twenty_recyclings_under_load_lose_and_double_nothing(small: Stack) -> None:
    brokers = {small.pids["broker"]}
    async with Load(small.user_pixel_url, per_second=PER_SECOND) as load:
        async with asyncio.timeout(420):
            while recycled(small) < TIMES:
                brokers.add(small.pids["broker"])
                await asyncio.sleep(0.2)
    await asyncio.to_thread(small.wait_settled)
    assert len(brokers) >= TIMES
    assert "not everything was stored in time" not in small.output()
    assert_answered_are_logged_once(small, load)
    assert_accounts_agree(small)


async def test_the_hold_is_gone_afterwards(small: Stack) -> None:
    assert not (Path(small.data) / "run" / "hold").exists()
    assert small.collector_status()["forwarder"]["state"] == "forwarding"
