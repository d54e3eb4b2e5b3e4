"""`kill -9` of every process under load: each answered request is in the log exactly once, and every sum agrees."""

import asyncio

import pytest

from tests.fixtures.stack import IN_A_HURRY, Stack
from tests.kill.accounts import assert_accounts_agree, assert_answered_are_logged_once
from tests.kill.load import Load

pytestmark = [pytest.mark.kill, pytest.mark.timeout(300)]

PER_SECOND = 400
STACK_ENV = IN_A_HURRY


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


@pytest.mark.parametrize(
    "kills",
    [
        (("worker",), ("collector", "clickhouse")),
        pytest.param((("worker",), ("clickhouse",), ("worker",), ("collector", "clickhouse")), marks=pytest.mark.deep),
    ],
    ids=len,
)
async def test_killing_a_process_again_while_it_recovers_loses_and_doubles_nothing(
    stack: Stack, kills: tuple[tuple[str, ...], ...]
) -> None:
    load = await load_while(stack, *kills)
    assert_answered_are_logged_once(stack, load)
    assert_accounts_agree(stack)


@pytest.mark.parametrize("times", [1, pytest.param(2, marks=pytest.mark.deep)])
async def test_killing_everything_at_once_loses_and_doubles_nothing(stack: Stack, times: int) -> None:
    load = await load_while(stack, *[stack.killable] * times)
    assert_answered_are_logged_once(stack, load)
    assert_accounts_agree(stack)
