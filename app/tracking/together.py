"""My-stats of people who look at the same time, in one question: it takes hardly longer for a hundred than for one."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from datetime import datetime

from app.together import Together
from app.tracking.schemas import MyStats
from app.tracking.service import my_stats_together
from app.tracking.viewer import Viewer
from clickhouse.client import ClickHouse

PEOPLE_AT_ONCE = 1_000
"""In one question; their ids are a parameter of 38 kB then."""
Futures = Mapping[Viewer, "asyncio.Future[MyStats]"]


class MyStatsTogether:
    """Counts my-stats for requests; those of one organisation's days wait for each other, others do not."""

    def __init__(self, clickhouse: Callable[[], Awaitable[ClickHouse]], clock: Callable[[], datetime]) -> None:
        self._clickhouse, self._clock = clickhouse, clock
        self._by_days: dict[Hashable, Together[Viewer, MyStats]] = {}

    async def count(self, viewer: Viewer) -> MyStats:
        """Return a person's statistics, counted after this was called; its `as_of` says when."""
        together = self._by_days.get(viewer.days)
        if together is None:
            together = self._by_days[viewer.days] = Together(self._answer, name="my-stats")
        try:
            return await together.ask(viewer)
        finally:
            if together.is_idle:
                self._by_days.pop(viewer.days, None)

    async def _answer(self, asked: Futures) -> None:
        now, viewers = self._clock(), list(asked)
        for start in range(0, len(viewers), PEOPLE_AT_ONCE):
            some = viewers[start : start + PEOPLE_AT_ONCE]
            for viewer, stats in zip(
                some, await my_stats_together(await self._clickhouse(), some, now=now), strict=True
            ):
                asked[viewer].set_result(stats)
