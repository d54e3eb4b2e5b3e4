"""Asks the running collector for some pixels, so that success metrics have latencies: real requests, really measured.

They come from a program and are counted as one: no person's opens move by them.
"""

import logging
from uuid import UUID

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.settings import Settings
from app.tracking.models import UserToken
from app.tracking.signature import pixel_url

REQUESTS = 20
"""One for each of so many people; what loads thirty within ten seconds would be judged again across hits."""
_SECONDS = 2.0
log = logging.getLogger("heliograph.demo")


async def knock(session: AsyncSession, organisation_id: UUID, settings: Settings) -> int:
    """Ask for the pixels of some people, one after the other; return how many were answered.

    A collector that cannot be reached from here is no reason not to fill.
    """
    where = (UserToken.organisation_id == organisation_id, UserToken.is_active.is_(True))
    tokens = (await session.scalars(select(UserToken.token).where(*where).limit(REQUESTS))).all()
    answered = 0
    try:
        async with httpx.AsyncClient(timeout=_SECONDS) as client:
            for token in tokens:
                answer = await client.get(pixel_url(settings.collector_public_url, token))
                answered += answer.is_success
    except httpx.HTTPError as error:
        log.warning("no pixel was asked for (%s): success metrics will not know how fast they are", error)
    return answered
