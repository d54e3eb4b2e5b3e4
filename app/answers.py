"""Answers that are remembered while nothing new is stored, so that many eyes on one page cost as much as one.

An answer belongs to the organisation's newest announcement at the moment *before* it was asked for, and to a window of
five seconds of the clock. So after an announcement nobody is given what was counted before it; what changes without one
(a rebuild, retention, an announcement that Redis lost, the clock) shows after five seconds; and an answer's `as_of` is
the moment at which it was counted. What only tells of days that are over is remembered until something late is
announced. While Redis is away nothing is remembered.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

WINDOW_SECONDS = 5
"""A divisor of 15 minutes: every local midnight begins a window."""
MOST_ANSWERS = 1_000

T = TypeVar("T")


def late_key(organisation_id: UUID | str) -> str:
    """Return Redis's key of what changes when something of a UTC day that is over is stored."""
    return f"late:{organisation_id}"


class _Answer(NamedTuple):
    newest: bytes
    """Announcement, and window of the clock: given for as long as both are the same."""
    window: int
    task: asyncio.Task[Any]


class Answers:
    """Belongs to one event loop; who asks while the same is being asked waits for the one answer."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()

    async def remembered(
        self,
        organisation_id: UUID,
        question: Hashable,
        ask: Callable[[], Coroutine[Any, Any, T]],
        *,
        now: datetime,
        of_closed_days: bool = False,
    ) -> T:
        """Return the answer to `question`, which must name everything that `ask` depends on but the log and `now`.

        `of_closed_days`: it depends on what is stored of UTC days that are over, and on nothing of today. Raises what
        `ask` raises; a failure is not remembered.
        """
        newest = await (self._late(organisation_id) if of_closed_days else self._newest(organisation_id))
        if newest is None:
            return await ask()
        key = (organisation_id, of_closed_days, question)
        window = int(now.timestamp()) // WINDOW_SECONDS
        known = self._answers.get(key)
        if known is None or (known.newest, known.window) != (newest, window):
            task: asyncio.Task[T] = asyncio.create_task(ask())
            known = self._answers[key] = _Answer(newest, window, task)
            task.add_done_callback(lambda done: self._forget_failure(key, done))
        self._answers.move_to_end(key)
        self._make_room(window)
        answer: T = await asyncio.shield(known.task)  # who goes away takes nobody's answer with them
        return answer

    def forget(self) -> None:
        """Forget everything."""
        self._answers.clear()

    def _make_room(self, window: int) -> None:
        """Let go of what is never given again: an answer may be megabytes, and whoever asks next asks otherwise."""
        while len(self._answers) > MOST_ANSWERS or next(iter(self._answers.values())).window < window:
            self._answers.popitem(last=False)  # the one that was given longest ago, so its window is the earliest

    async def _newest(self, organisation_id: UUID) -> bytes | None:
        """Return the id of the newest announcement, b"" before the first, None while Redis does not answer."""
        try:
            entries: Any = await self._redis.xrevrange(f"live:{organisation_id}", count=1)
        except (RedisError, OSError, TimeoutError):
            return None
        return bytes(entries[0][0]) if entries else b""

    async def _late(self, organisation_id: UUID) -> bytes | None:
        """Return what changes whenever something of a day that is over was stored, None while Redis is away."""
        try:
            found: Any = await self._redis.get(late_key(organisation_id))
        except (RedisError, OSError, TimeoutError):
            return None
        return bytes(found or b"")

    def _forget_failure(self, key: Hashable, done: "asyncio.Task[Any]") -> None:
        is_failure = done.cancelled() or done.exception() is not None
        if is_failure and (known := self._answers.get(key)) is not None and known.task is done:
            del self._answers[key]
