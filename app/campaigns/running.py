"""Starting, pausing, resuming and ending a campaign: its runs, its pixels, its audit entry, in one transaction.

Used by the API and by the timer alike; call `announce` after the transaction.
"""

from datetime import datetime
from uuid import UUID

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import SYSTEM, Actor, record
from app.campaigns import audience
from app.campaigns.audience import Reached
from app.campaigns.lifecycle import DONE, Step, next_state
from app.campaigns.models import Campaign, CampaignPixel, CampaignRun
from app.errors import BadInputError
from app.tracking.invalidation import CHANNEL
from app.tracking.models import new_token

_CHUNK = 2_000

log = structlog.stdlib.get_logger("heliograph.campaigns")


async def take_step(session: AsyncSession, campaign: Campaign, step: Step, *, actor: Actor, now: datetime) -> None:
    """Lead a campaign, locked in this session, to its next state.

    Raises `ConflictError` where the state does not allow it; `BadInputError` naming `audience` if nobody would be
    reached, or `endsAt` if the campaign would be over at once. A run that is over ends at the planned end if that has
    passed: the worker stores no hit after it, whenever it gets to say so.
    """
    before = campaign.state
    after = next_state(before, step)  # type: ignore[arg-type]  # the table holds nothing else
    if after == "active":
        await _begin(session, campaign, now=now)
    else:
        await _finish(session, campaign, now=now)
    campaign.state, campaign.updated_at, campaign.version = after, now, campaign.version + 1
    reached = len(await pixels_of(session, campaign.id)) if after == "active" else None
    _note(session, campaign, f"campaign_{DONE[step]}", before=before, people=reached, actor=actor, now=now)


async def add_joined(session: AsyncSession, campaign: Campaign, *, now: datetime) -> int:
    """Give a pixel to those the audience of an active campaign reaches by now; return how many were new."""
    added = await _give_pixels(session, campaign, now=now)
    if added:
        record(
            session,
            organisation_id=campaign.organisation_id,
            actor=SYSTEM,
            at=now,
            action="campaign_people_joined",
            subject=campaign.name,
            subject_id=campaign.id,
            after={"people": added},
        )
    return added


async def pixels_of(session: AsyncSession, campaign_id: UUID) -> set[UUID]:
    """Return the people who have a pixel of the campaign."""
    return set(await session.scalars(select(CampaignPixel.user_id).where(CampaignPixel.campaign_id == campaign_id)))


async def announce(redis: Redis, organisation_id: UUID) -> None:
    """Let workers forget what they know of tokens. Without Redis they notice within half a minute."""
    message = {"what": "campaign", "organisationId": str(organisation_id), "token": None}
    try:
        await redis.publish(CHANNEL, orjson.dumps(message))
    except (RedisError, OSError) as error:
        log.warning("campaign change not announced; workers notice within 30 s", reason=str(error))


async def _begin(session: AsyncSession, campaign: Campaign, *, now: datetime) -> None:
    if campaign.ends_at is not None and campaign.ends_at <= now:
        raise BadInputError(
            "endsAt: this has passed, so the campaign would be over at once; choose a later end.", field="endsAt"
        )
    await _give_pixels(session, campaign, now=now)
    if not await pixels_of(session, campaign.id):
        raise BadInputError(
            "audience: nobody active is in it, so no signature would carry the campaign; choose other people.",
            field="audience",
        )
    session.add(CampaignRun(campaign_id=campaign.id, started_at=now))


async def _finish(session: AsyncSession, campaign: Campaign, *, now: datetime) -> None:
    end = now if campaign.ends_at is None else min(now, campaign.ends_at)
    await session.execute(
        update(CampaignRun)
        .where(CampaignRun.campaign_id == campaign.id, CampaignRun.ended_at.is_(None))
        .values(ended_at=end)
    )


async def newcomers(session: AsyncSession, campaign: Campaign) -> list[Reached]:
    """Return whom the audience reaches now and who has no pixel yet."""
    have = await pixels_of(session, campaign.id)
    return [person for person in await audience.reached(session, campaign) if person.user_id not in have]


async def _give_pixels(session: AsyncSession, campaign: Campaign, *, now: datetime) -> int:
    rows = [
        {
            "organisation_id": campaign.organisation_id,
            "campaign_id": campaign.id,
            "user_id": person.user_id,
            "token": new_token(),
            "department": person.department,
            "created_at": now,
        }
        for person in await newcomers(session, campaign)
    ]
    for start in range(0, len(rows), _CHUNK):
        await session.execute(insert(CampaignPixel), rows[start : start + _CHUNK])
    return len(rows)


def _note(
    session: AsyncSession,
    campaign: Campaign,
    action: str,
    *,
    before: str,
    people: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    reached = {} if people is None else {"people": people}
    record(
        session,
        organisation_id=campaign.organisation_id,
        actor=actor,
        at=now,
        action=action,
        subject=campaign.name,
        subject_id=campaign.id,
        before={"state": before, "version": campaign.version - 1},
        after={"state": campaign.state, "version": campaign.version} | reached,
    )
