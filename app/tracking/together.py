"""Numbers of people who look at the same time, in one question: it takes hardly longer for a hundred than for one."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from app.together import Together
from app.tracking.schemas import DailyOpens, MyStats
from app.tracking.service import daily_opens_together, my_stats_together
from app.tracking.viewer import Viewer
from clickhouse.client import ClickHouse

PEOPLE_AT_ONCE = 1_000
"""In one question; their ids are a parameter of 38 kB then."""
Futures = Mapping[Viewer, "asyncio.Future[Any]"]
Count = Callable[[ClickHouse, Sequence[Viewer], datetime], Awaitable[Sequence[Any]]]


class MyStatsTogether:
    """Counts for requests; those of one organisation's days wait for each other, others do not."""

    def __init__(self, clickhouse: Callable[[], Awaitable[ClickHouse]], clock: Callable[[], datetime]) -> None:
        self._clickhouse, self._clock = clickhouse, clock
        self._together: dict[Hashable, Together[Viewer, Any]] = {}

    async def count(self, viewer: Viewer) -> MyStats:
        """Return a person's statistics, counted after this was called; its `as_of` says when."""
        stats: MyStats = await self._ask(viewer, "my-stats", my_stats_together)
        return stats

    async def daily(self, viewer: Viewer, days: int) -> DailyOpens:
        """Return a person's opens of the last `days` local days, counted after this was called."""
        opens: DailyOpens = await self._ask(viewer, f"{days} days", partial(daily_opens_together, days=days))
        return opens

    async def _ask(self, viewer: Viewer, what: str, count: Count) -> Any:
        key = (viewer.days, what)
        together = self._together.get(key)
        if together is None:
            together = self._together[key] = Together(partial(self._answer, count), name=what)
        try:
            return await together.ask(viewer)
        finally:
            if together.is_idle:
                self._together.pop(key, None)

    async def _answer(self, count: Count, asked: Futures) -> None:
        now, viewers = self._clock(), list(asked)
        for start in range(0, len(viewers), PEOPLE_AT_ONCE):
            some = viewers[start : start + PEOPLE_AT_ONCE]
            for viewer, numbers in zip(some, await count(await self._clickhouse(), some, now), strict=True):
                asked[viewer].set_result(numbers)
