"""The worker's daily timer of retention."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime

from app.errors import AppError
from app.retention.service import Beginnings, run
from app.store.database import Database
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseError

log = logging.getLogger("heliograph.retention")

LOOK_SECONDS = 60.0
"""How often the timer looks whether a UTC day has begun, and how soon it tries again after a failure."""


class DailyRetention:
    """Runs retention once each UTC day, and once after the start of the worker, which may have slept for days."""

    def __init__(
        self,
        database: Database,
        clickhouse: Callable[[], Awaitable[ClickHouse]],
        beginnings: Beginnings,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database, self._clickhouse, self._clock = database, clickhouse, clock
        self._beginnings = beginnings
        self._done_on: date | None = None

    async def look(self) -> bool:
        """Run if this day has had no complete run yet; tell whether one was made. Failures wait for the next look."""
        now = self._clock()
        if self._done_on == now.date():
            return False
        try:
            async for _ in run(self._database, await self._clickhouse(), now=now, beginnings=self._beginnings):
                pass
        except (AppError, ClickHouseError) as error:
            log.warning("retention has to wait: %s", error)
            return False
        self._done_on = now.date()
        return True

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()
