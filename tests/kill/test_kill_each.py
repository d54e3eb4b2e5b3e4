"""`kill -9` of every process under load: each answered request is in the log exactly once, and every sum agrees."""

import asyncio

import pytest

from tests.fixtures.stack import Stack
from tests.kill.accounts import assert_accounts_agree, assert_answered_are_logged_once
from tests.kill.load import Load

pytestmark = [pytest.mark.kill, pytest.mark.timeout(300)]

PER_SECOND = 400
STACK_ENV = {
    # Receipts that died with a broker are asked for again after this; in production there is no hurry.
    "SPOOL_RESEND_SECONDS": "4",
    "SPOOL_SEGMENT_SECONDS": "5",
}


async def load_while(stack: Stack, *kills: tuple[str, ...]) -> Load:
    """Run the load over the kills, with some answered requests before, between and after them."""
    async with Load(stack.user_pixel_url, per_second=PER_SECOND) as load:
        for names in kills:
            await load.more(PER_SECOND // 2)
            await asyncio.to_thread(stack.kill, *names)
        await load.more(PER_SECOND // 2)
    await asyncio.to_thread(stack.wait_settled)
    return load


@pytest.mark.parametrize("name", ["collector", "worker", "broker", "clickhouse", "redis", "api"])
async def test_killing_a_process_loses_and_doubles_nothing(stack: Stack, name: str) -> None:
    load = await load_while(stack, (name,))
    assert_answered_are_logged_once(stack, load)
    assert_accounts_agree(stack)


async def test_killing_a_process_again_while_it_recovers_loses_and_doubles_nothing(stack: Stack) -> None:
    load = await load_while(stack, ("worker",), ("clickhouse",), ("worker",), ("collector", "clickhouse"))
    assert_answered_are_logged_once(stack, load)
    assert_accounts_agree(stack)


async def test_killing_everything_at_once_loses_and_doubles_nothing(stack: Stack) -> None:
    load = await load_while(stack, stack.killable, stack.killable)
    assert_answered_are_logged_once(stack, load)
    assert_accounts_agree(stack)
