"""What is asked at the same time is answered in one go, and one's failure is nobody else's."""

import asyncio
from collections.abc import Mapping

import pytest

from app.together import Together, fail


class Answers:
    """Writes down what was asked in one go; answers when let."""

    def __init__(self) -> None:
        self.goes: list[list[str]] = []
        self.may_answer = asyncio.Event()

    async def __call__(self, asked: Mapping[str, "asyncio.Future[str]"]) -> None:
        self.goes.append(list(asked))
        await self.may_answer.wait()
        for key, answer in asked.items():
            if key == "unknown":
                fail([answer], LookupError(key))
            elif key == "broken":
                raise OSError("the store is away")
            else:
                answer.set_result(key.upper())


async def test_what_is_asked_meanwhile_is_asked_for_in_one_go_afterwards() -> None:
    answers = Answers()
    together = Together(answers, name="test")
    first = asyncio.create_task(together.ask("a"))
    await asyncio.sleep(0)
    others = [asyncio.create_task(together.ask(key)) for key in ("b", "c", "b")]
    await asyncio.sleep(0)
    answers.may_answer.set()
    assert await asyncio.gather(first, *others) == ["A", "B", "C", "B"]
    assert answers.goes == [["a"], ["b", "c"]]


async def test_an_answer_is_never_older_than_its_question() -> None:
    answers = Answers()
    together = Together(answers, name="test")
    first = asyncio.create_task(together.ask("a"))
    await asyncio.sleep(0)
    again = asyncio.create_task(together.ask("a"))
    await asyncio.sleep(0)
    answers.may_answer.set()
    assert await asyncio.gather(first, again) == ["A", "A"]
    assert answers.goes == [["a"], ["a"]]


async def test_an_error_belongs_to_those_it_concerns_and_the_next_is_answered() -> None:
    answers = Answers()
    answers.may_answer.set()
    together = Together(answers, name="test")
    found = await asyncio.gather(*map(together.ask, ("a", "unknown", "b")), return_exceptions=True)
    assert [found[0], type(found[1]), found[2]] == ["A", LookupError, "B"]
    found = await asyncio.gather(*map(together.ask, ("c", "broken", "d")), return_exceptions=True)
    assert [found[0], type(found[1]), type(found[2])] == ["C", OSError, OSError]
    assert await together.ask("e") == "E"


async def test_who_goes_away_takes_nobodys_answer_with_them() -> None:
    answers = Answers()
    together = Together(answers, name="test")
    gone, stays = asyncio.create_task(together.ask("a")), asyncio.create_task(together.ask("a"))
    await asyncio.sleep(0)
    gone.cancel()
    answers.may_answer.set()
    assert await stays == "A"
    with pytest.raises(asyncio.CancelledError):
        await gone
