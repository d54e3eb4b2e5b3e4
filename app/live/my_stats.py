"""Computes the live topic `my-stats`, the very answer of `GET /api/tracking/my-stats`, for many people at once.

Two thousand opens a second touch everybody who watches. One question about a thousand people takes hardly longer than
one about one, so what is asked while questions are under way is gathered and asked together after them: the more
people watch, the larger the questions, not the more.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from pydantic import TypeAdapter

from app.errors import NotFoundError
from app.live.topic import Compute, Computed, TopicKey
from app.store.database import Database
from app.together import Together, fail
from app.tracking.calendar import periods
from app.tracking.service import my_stats_together
from app.tracking.together import PEOPLE_AT_ONCE
from app.tracking.viewer import Viewer, find_viewers
from clickhouse.client import ClickHouse

AS_OF_JSON: TypeAdapter[datetime] = TypeAdapter(datetime)
Waiting = Mapping[TopicKey, "asyncio.Future[Computed]"]


def my_stats_topic(
    database: Database, clickhouse: Callable[[], Awaitable[ClickHouse]], clock: Callable[[], datetime]
) -> Compute:
    """Return the function that computes a user's topic.

    It reads the user's zone and the organisation's settings each time, so that a change of them shows with the next
    update; raises `NotFoundError` when the user is gone.
    """
    return LiveMyStats(database, clickhouse, clock).compute


class LiveMyStats:
    """Finds who may see what, and counts for all of them; see `Together`."""

    def __init__(
        self, database: Database, clickhouse: Callable[[], Awaitable[ClickHouse]], clock: Callable[[], datetime]
    ) -> None:
        self._database, self._clickhouse, self._clock = database, clickhouse, clock
        self._together = Together(self._answer, name="live my-stats")

    async def compute(self, key: TopicKey) -> Computed:
        """Return a person's topic, counted after this was called."""
        return await self._together.ask(key)

    async def _answer(self, asked: Waiting) -> None:
        async with self._database.reading() as session:
            viewers = await find_viewers(session, asked.keys())
        groups: dict[object, list[tuple[TopicKey, Viewer]]] = {}
        for key, answer in asked.items():
            viewer = viewers.get((key.organisation_id, key.user_id))
            if viewer is None:
                fail([answer], NotFoundError("This user is not active any more."))
            elif not viewer.is_dashboard_shown:  # its streams end; who comes back is told why
                fail([answer], NotFoundError("This organisation has switched off personal statistics."))
            else:
                groups.setdefault(viewer.days, []).append((key, viewer))
        now = self._clock()
        for group in groups.values():
            for start in range(0, len(group), PEOPLE_AT_ONCE):
                await self._answer_group(asked, group[start : start + PEOPLE_AT_ONCE], now)

    async def _answer_group(self, asked: Waiting, group: Sequence[tuple[TopicKey, Viewer]], now: datetime) -> None:
        try:
            stats = await my_stats_together(await self._clickhouse(), [viewer for _, viewer in group], now)
        except Exception as error:
            fail([asked[key] for key, _ in group], error)
            return
        viewer = group[0][1]
        fresh_until = periods(now, viewer.zone, viewer.week_start).today.end  # they have their days in common
        as_of = AS_OF_JSON.dump_json(now)
        for (key, _), answer in zip(group, stats, strict=True):
            if not asked[key].done():
                data = answer.model_dump_json(by_alias=True).encode()
                fingerprint = data.replace(as_of, b"", 1)  # the same answer, whenever it was counted
                asked[key].set_result(Computed(data, now, fingerprint, fresh_until))
