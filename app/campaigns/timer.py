"""Keeps the times of campaigns: starts and ends what is due, and gives pixels to people who join an audience.

Nothing is remembered between two looks: what is due is read from the store. So a start that was missed because
everything was down happens at the first look afterwards, and is recorded at that time, when pixels are first served;
an end that was missed is recorded at its planned time, because no hit after it was counted meanwhile. A campaign whose
whole time was missed stays a draft, and so does one whose audience is empty: both pages say so.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from redis.asyncio import Redis
from sqlalchemy import ColumnElement, and_, or_, select

from app.audit.service import SYSTEM
from app.campaigns.lifecycle import Step
from app.campaigns.models import Campaign
from app.campaigns.running import add_joined, announce, newcomers, take_step
from app.errors import AppError, BadInputError, ConflictError
from app.store.base import utc_now
from app.store.database import Database
from app.store.watermarks import lease

LEASE = "campaign_timer"
LEASE_LIFETIME = timedelta(seconds=60)
JOINED_EVERY = timedelta(seconds=60)
"""How soon somebody who joins an audience gets a pixel."""

log = structlog.stdlib.get_logger("heliograph.campaigns")


class CampaignTimer:
    """One worker's timer; a lease and the state of the campaign itself make sure that a step is taken once."""

    def __init__(
        self, database: Database, redis: Redis, *, owner: str, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._database, self._redis, self._owner, self._clock = database, redis, owner, clock
        self._joined_at: datetime | None = None

    async def look(self) -> int:
        """Do what is due, and return how many campaigns changed. Failures are logged and wait for the next look."""
        now = self._clock()
        is_time_to_join = self._joined_at is None or now - self._joined_at >= JOINED_EVERY
        try:
            if not await self._due(now) and not (is_time_to_join and await self._active()):
                return 0
            held = await lease(self._database, LEASE, owner=self._owner, lifetime=LEASE_LIFETIME)
            if held is None:
                return 0
            try:
                changed = [await self._take(id_, step, now) for id_, step in await self._due(now)]
                if is_time_to_join:
                    changed += [await self._join(id_, now) for id_ in await self._active()]
                    self._joined_at = now
            finally:
                await held.give_back(done_until=now)
        except AppError as error:
            log.warning("campaigns have to wait", reason=str(error))
            return 0
        return sum(changed)

    async def _due(self, now: datetime) -> list[tuple[UUID, Step]]:
        """Return ends before starts: a campaign that ends makes room for the one after it."""
        ends = and_(Campaign.state.in_(("active", "paused")), Campaign.ends_at <= now)
        starts = and_(
            Campaign.state == "draft",
            Campaign.starts_at <= now,
            or_(Campaign.ends_at.is_(None), Campaign.ends_at > now),
        )
        return [(id_, "end") for id_ in await self._ids(ends)] + [(id_, "start") for id_ in await self._ids(starts)]

    async def _active(self) -> list[UUID]:
        return await self._ids(Campaign.state == "active")

    async def _ids(self, which: ColumnElement[bool]) -> list[UUID]:
        async with self._database.reading() as session:
            return list(await session.scalars(select(Campaign.id).where(which).order_by(Campaign.starts_at)))

    async def _take(self, campaign_id: UUID, step: Step, now: datetime) -> bool:
        try:
            async with self._database.session() as session:
                campaign = await session.get(Campaign, campaign_id, with_for_update=True)
                if campaign is None:
                    return False
                await take_step(session, campaign, step, actor=SYSTEM, now=now)
        except ConflictError:
            return False  # somebody was faster, by hand
        except BadInputError as error:
            log.info("campaign cannot start by itself", campaign=str(campaign_id), reason=error.detail)
            return False
        log.info("campaign", campaign=str(campaign_id), step=step)
        await announce(self._redis, campaign.organisation_id)
        return True

    async def _join(self, campaign_id: UUID, now: datetime) -> bool:
        """Look before taking the lock: nearly always nobody has joined."""
        async with self._database.reading() as session:
            campaign = await session.get(Campaign, campaign_id)
            if campaign is None or not await newcomers(session, campaign):
                return False
        async with self._database.session() as session:
            campaign = await session.get(Campaign, campaign_id, with_for_update=True)
            if campaign is None or campaign.state != "active":
                return False
            return bool(await add_joined(session, campaign, now=now))
