"""The worker's timer that counts days when they are over, so that questions about months need not count them again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from app.errors import AppError
from app.identity.models import Organisation
from app.store.database import Database
from app.store.holds import hold_store
from app.store.watermarks import lease
from app.tracking.calendar import cuts_of
from app.tracking.zone_data import zone
from clickhouse.client import ClickHouse
from clickhouse.closed_days import Cuts, close_days, delete_left_behind, end_interrupted, is_interrupted
from clickhouse.errors import ClickHouseError

log = logging.getLogger("heliograph.closed_days")

NAME = "closed_days"
LOOK_SECONDS = 60.0
LEASE = timedelta(minutes=10)
"""Two at once count the same twice, and no harm is done; the lease spares the work."""
AFTER_MIDNIGHT = timedelta(minutes=5)
"""What was opened in a day's last second is stored by then. What comes later still is counted again."""
RECENT_DAYS = 3
"""Days looked at each time: late opens and corrections are of these. All others once a day."""
FIRST_DATE = date(2000, 1, 1)


class ClosingDays:
    """Looks once a minute at the last days, and once a UTC day, and after the start of the worker, at all."""

    def __init__(
        self,
        database: Database,
        clickhouse: Callable[[], Awaitable[ClickHouse]],
        *,
        owner: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database, self._clickhouse, self._owner, self._clock = database, clickhouse, owner, clock
        self._all_done_on: date | None = None

    async def look(self) -> int:
        """Count what is missing; return how many parts of days that were. Failures wait for the next look."""
        try:
            leased = await lease(self._database, NAME, owner=self._owner, lifetime=LEASE)
            if leased is None:
                return 0
            try:
                return await self._close(await self._clickhouse())
            finally:
                await leased.give_back(done_until=self._clock())
        except (AppError, ClickHouseError) as error:
            log.warning("counting closed days has to wait: %s", error)
            return 0

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.look()

    async def _close(self, clickhouse: ClickHouse) -> int:
        today = (self._clock() - AFTER_MIDNIGHT).date()
        is_all = self._all_done_on != today
        if await is_interrupted(clickhouse):
            async with hold_store(self._database):
                await end_interrupted(clickhouse)
        from_date = FIRST_DATE if is_all else today - timedelta(days=RECENT_DAYS)
        counted = await close_days(clickhouse, await self._cuts(), from_date=from_date, until_date=today)
        if is_all:
            await delete_left_behind(clickhouse)
            self._all_done_on = today
        return counted

    async def _cuts(self) -> Cuts:
        async with self._database.reading() as session:
            rows = await session.execute(select(Organisation.id, Organisation.time_zone))
            return cuts_of({id_: zone(name) for id_, name in rows})
