"""Computes the live topic `my-stats`: the very answer of `GET /api/tracking/my-stats`."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from app.errors import NotFoundError
from app.live.topic import Compute, Computed, TopicKey
from app.store.database import Database
from app.tracking.calendar import periods
from app.tracking.service import my_stats
from app.tracking.viewer import find_viewer
from clickhouse.client import ClickHouse


def my_stats_topic(
    database: Database, clickhouse: Callable[[], Awaitable[ClickHouse]], clock: Callable[[], datetime]
) -> Compute:
    """Return the function that computes a user's topic.

    It reads the user's zone and the organisation's settings each time, so that a change of them shows with the next
    update; raises `NotFoundError` when the user is gone.
    """

    async def compute(key: TopicKey) -> Computed:
        async with database.reading() as session:
            viewer = await find_viewer(session, organisation_id=key.organisation_id, user_id=key.user_id)
        if viewer is None:
            raise NotFoundError("This user is not active any more.")
        if not viewer.is_dashboard_shown:  # its streams end; who comes back is told why
            raise NotFoundError("This organisation has switched off personal statistics.")
        now = clock()
        stats = await my_stats(await clickhouse(), viewer, now=now)
        return Computed(
            data=stats.model_dump_json(by_alias=True).encode(),
            as_of=now,
            fingerprint=stats.model_dump_json(exclude={"as_of"}).encode(),
            fresh_until=periods(now, viewer.zone, viewer.week_start).today.end,
        )

    return compute
