"""Gathers what is asked for while an answer is being made, so that many who ask at once cost little more than one."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Together(Generic[K, V]):
    """Asks for many keys in one go, one go at a time; belongs to one event loop.

    `answer` is given the keys with a future each, and sets them; what it raises belongs to those it has not set.
    """

    def __init__(self, answer: "Callable[[Mapping[K, asyncio.Future[V]]], Awaitable[None]]", *, name: str) -> None:
        self._answer = answer
        self._name = name
        self._waiting: dict[K, asyncio.Future[V]] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def is_idle(self) -> bool:
        """Tell whether nobody waits for anything."""
        return self._task is None or self._task.done()

    async def ask(self, key: K) -> V:
        """Return the answer for a key, made after this was called."""
        if key not in self._waiting:
            self._waiting[key] = asyncio.get_running_loop().create_future()
        answer = self._waiting[key]
        if self.is_idle:
            self._task = asyncio.create_task(self._answer_all(), name=self._name)
        return await asyncio.shield(answer)  # who goes away takes nobody's answer with them

    async def _answer_all(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            try:
                await self._answer(asked)
            except Exception as error:  # whatever it is belongs to those who wait, not to this task
                fail(asked.values(), error)


def fail(answers: "Iterable[asyncio.Future[V]]", error: Exception) -> None:
    """Give an error to those who have no answer yet."""
    for answer in answers:
        if not answer.done():
            answer.set_exception(error)
            answer.exception()  # seen: those who waited may all be gone
