"""Answers are remembered while nothing new is announced, and never longer."""

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from app.answers import MOST_ANSWERS, Answers
from tests.fixtures.valkey import Valkey

NOW = datetime(2026, 5, 5, 12, tzinfo=UTC)
ORGANISATION, OTHER = UUID(int=1), UUID(int=2)


@pytest_asyncio.fixture
async def redis(valkey: Valkey) -> AsyncIterator[Redis]:
    client = Redis.from_url(valkey.url, protocol=2)
    await client.flushall()
    yield client
    await client.aclose()


class Question:
    """Counts how often it was really asked; waits until it is let go."""

    def __init__(self) -> None:
        self.times = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False

    async def ask(self) -> int:
        self.times += 1
        times = self.times
        await self.gate.wait()
        if self.fails:
            raise ConnectionError
        return times


async def _announce(redis: Redis, organisation_id: UUID = ORGANISATION) -> None:
    await redis.xadd(f"live:{organisation_id}", {"users": "x"})


async def test_the_same_question_is_asked_once_until_something_is_announced(redis: Redis) -> None:
    answers, question = Answers(redis), Question()
    for expected in (1, 1):
        assert await answers.remembered(ORGANISATION, "q", question.ask, now=NOW) == expected
    await _announce(redis, OTHER)
    assert await answers.remembered(ORGANISATION, "q", question.ask, now=NOW) == 1
    await _announce(redis)
    assert await answers.remembered(ORGANISATION, "q", question.ask, now=NOW) == 2


async def test_organisations_and_questions_are_kept_apart(redis: Redis) -> None:
    answers, question = Answers(redis), Question()
    asked = [(ORGANISATION, "q"), (ORGANISATION, "r"), (OTHER, "q")]
    assert [await answers.remembered(*one, question.ask, now=NOW) for one in asked] == [1, 2, 3]


async def test_an_answer_that_was_begun_before_an_announcement_is_not_given_to_who_asks_after_it(redis: Redis) -> None:
    answers, question = Answers(redis), Question()
    question.gate.clear()
    early = asyncio.create_task(answers.remembered(ORGANISATION, "q", question.ask, now=NOW))
    while not question.times:
        await asyncio.sleep(0)
    await _announce(redis)
    late = asyncio.create_task(answers.remembered(ORGANISATION, "q", question.ask, now=NOW))
    while question.times < 2:
        await asyncio.sleep(0)
    question.gate.set()
    assert (await early, await late) == (1, 2)


async def test_who_asks_meanwhile_waits_for_the_same_answer_and_who_goes_away_takes_it_from_nobody(
    redis: Redis,
) -> None:
    answers, question = Answers(redis), Question()
    question.gate.clear()
    tasks = [asyncio.create_task(answers.remembered(ORGANISATION, "q", question.ask, now=NOW)) for _ in range(5)]
    while not question.times:
        await asyncio.sleep(0)
    tasks[0].cancel()
    question.gate.set()
    assert await asyncio.gather(*tasks[1:]) == [1, 1, 1, 1]


async def test_the_clock_ends_an_answer(redis: Redis) -> None:
    answers, question = Answers(redis), Question()
    for later, expected in ((0, 1), (4.9, 1), (5, 2)):
        moment = NOW + timedelta(seconds=later)
        assert await answers.remembered(ORGANISATION, "q", question.ask, now=moment) == expected


async def test_a_failure_is_not_remembered(redis: Redis) -> None:
    answers, question = Answers(redis), Question()
    question.fails = True
    with pytest.raises(ConnectionError):
        await answers.remembered(ORGANISATION, "q", question.ask, now=NOW)
    question.fails = False
    assert await answers.remembered(ORGANISATION, "q", question.ask, now=NOW) == 2


async def test_while_redis_is_away_everything_is_asked() -> None:
    away = Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=1)
    answers, question = Answers(away), Question()
    assert [await answers.remembered(ORGANISATION, "q", question.ask, now=NOW) for _ in range(2)] == [1, 2]
    await away.aclose()


async def test_an_answer_that_is_never_given_again_is_not_kept(redis: Redis) -> None:
    class Large:
        pass

    async def ask() -> Large:
        return Large()

    answers = Answers(redis)
    first = weakref.ref(await answers.remembered(ORGANISATION, "q", ask, now=NOW))
    await _announce(redis)
    second = weakref.ref(await answers.remembered(ORGANISATION, "q", ask, now=NOW))
    third = weakref.ref(await answers.remembered(ORGANISATION, "q", ask, now=NOW + timedelta(seconds=5)))
    gc.collect()
    assert (first(), second()) == (None, None)
    assert third() is not None


async def test_answers_of_earlier_windows_make_room_whoever_asks_next(redis: Redis) -> None:
    class Large:
        pass

    async def ask() -> Large:
        return Large()

    answers = Answers(redis)
    early = [weakref.ref(await answers.remembered(ORGANISATION, ("a page", n), ask, now=NOW)) for n in range(3)]
    present = weakref.ref(await answers.remembered(ORGANISATION, "other", ask, now=NOW + timedelta(seconds=5)))
    gc.collect()
    assert [it() for it in early] == [None, None, None]
    assert present() is not None


async def test_a_failure_takes_no_newer_answer_with_it(redis: Redis) -> None:
    answers, failing, question = Answers(redis), Question(), Question()
    failing.fails = True
    failing.gate.clear()
    early = asyncio.create_task(answers.remembered(ORGANISATION, "q", failing.ask, now=NOW))
    while not failing.times:
        await asyncio.sleep(0)
    await _announce(redis)
    assert await answers.remembered(ORGANISATION, "q", question.ask, now=NOW) == 1
    failing.gate.set()
    with pytest.raises(ConnectionError):
        await early
    assert await answers.remembered(ORGANISATION, "q", question.ask, now=NOW) == 1


async def test_no_more_are_kept_than_memory_allows(redis: Redis) -> None:
    answers, question = Answers(redis), Question()
    for number in range(MOST_ANSWERS + 1):
        await answers.remembered(ORGANISATION, number, question.ask, now=NOW)
    assert await answers.remembered(ORGANISATION, 1, question.ask, now=NOW) == 2
    assert await answers.remembered(ORGANISATION, 0, question.ask, now=NOW) == MOST_ANSWERS + 2
