"""Computes the live topic `my-stats`, the very answer of `GET /api/tracking/my-stats`, for many people at once.

Two thousand opens a second touch everybody who watches. One question about a thousand people takes hardly longer than
one about one, so what is asked while questions are under way is gathered and asked together after them: the more
people watch, the larger the questions, not the more.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from pydantic import TypeAdapter

from app.errors import NotFoundError
from app.live.topic import Compute, Computed, TopicKey
from app.store.database import Database
from app.tracking.calendar import periods
from app.tracking.schemas import MyStats
from app.tracking.service import my_stats_together
from app.tracking.viewer import Viewer, find_viewers
from clickhouse.client import ClickHouse

PEOPLE_AT_ONCE = 1_000
"""In one question; their ids are a parameter of 38 kB then."""

AS_OF_JSON: TypeAdapter[datetime] = TypeAdapter(datetime)
Waiting = dict[TopicKey, "asyncio.Future[Computed]"]


def my_stats_topic(
    database: Database, clickhouse: Callable[[], Awaitable[ClickHouse]], clock: Callable[[], datetime]
) -> Compute:
    """Return the function that computes a user's topic.

    It reads the user's zone and the organisation's settings each time, so that a change of them shows with the next
    update; raises `NotFoundError` when the user is gone.
    """
    return MyStatsTogether(database, clickhouse, clock).compute


class MyStatsTogether:
    """Gathers who is asked for while an answer is being made; belongs to one event loop."""

    def __init__(
        self, database: Database, clickhouse: Callable[[], Awaitable[ClickHouse]], clock: Callable[[], datetime]
    ) -> None:
        self._database, self._clickhouse, self._clock = database, clickhouse, clock
        self._waiting: Waiting = {}
        self._task: asyncio.Task[None] | None = None

    async def compute(self, key: TopicKey) -> Computed:
        """Return a person's topic, counted after this was called."""
        if key not in self._waiting:
            self._waiting[key] = asyncio.get_running_loop().create_future()
        answer = self._waiting[key]
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._answer_all(), name="live my-stats")
        return await asyncio.shield(answer)  # who goes away takes nobody's answer with them

    async def _answer_all(self) -> None:
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            try:
                await self._answer(asked)
            except Exception as error:  # whatever it is belongs to those who wait, not to this task
                _fail(asked.values(), error)

    async def _answer(self, asked: Waiting) -> None:
        async with self._database.reading() as session:
            viewers = await find_viewers(session, asked.keys())
        groups: dict[object, list[tuple[TopicKey, Viewer]]] = {}
        for key, answer in asked.items():
            viewer = viewers.get((key.organisation_id, key.user_id))
            if viewer is None:
                _fail([answer], NotFoundError("This user is not active any more."))
            elif not viewer.is_dashboard_shown:  # its streams end; who comes back is told why
                _fail([answer], NotFoundError("This organisation has switched off personal statistics."))
            else:
                groups.setdefault(viewer.days, []).append((key, viewer))
        now = self._clock()
        for group in groups.values():
            for start in range(0, len(group), PEOPLE_AT_ONCE):
                await self._answer_group(asked, group[start : start + PEOPLE_AT_ONCE], now)

    async def _answer_group(self, asked: Waiting, group: Sequence[tuple[TopicKey, Viewer]], now: datetime) -> None:
        try:
            stats = await my_stats_together(await self._clickhouse(), [viewer for _, viewer in group], now=now)
        except Exception as error:
            _fail([asked[key] for key, _ in group], error)
            return
        for (key, viewer), answer in zip(group, stats, strict=True):
            if not asked[key].done():
                asked[key].set_result(_computed(answer, viewer, now))


def _computed(stats: MyStats, viewer: Viewer, now: datetime) -> Computed:
    data = stats.model_dump_json(by_alias=True).encode()
    return Computed(
        data=data,
        as_of=now,
        fingerprint=data.replace(AS_OF_JSON.dump_json(now), b"", 1),  # the same answer, whenever it was counted
        fresh_until=periods(now, viewer.zone, viewer.week_start).today.end,
    )


def _fail(answers: Iterable["asyncio.Future[Computed]"], error: Exception) -> None:
    for answer in answers:
        if not answer.done():
            answer.set_exception(error)
            answer.exception()  # seen: those who waited may all be gone
