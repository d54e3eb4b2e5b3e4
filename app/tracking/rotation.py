"""Giving a user a new token, or none: the old one stays known, with the reason, so that its late hits can be named."""

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.models import User
from app.store.base import utc_now
from app.tracking.invalidation import CHANNEL
from app.tracking.models import UserToken

log = structlog.stdlib.get_logger("heliograph.tracking")


async def rotate_token(session: AsyncSession, user: User) -> UserToken:
    """End the user's token and make a new one. Call `announce_token` after the transaction."""
    await _end(session, user, because="rotated")
    token = UserToken(organisation_id=user.organisation_id, user_id=user.id)
    session.add(token)
    await session.flush()
    return token


async def deactivate_token(session: AsyncSession, user: User) -> UserToken | None:
    """End the user's token without a new one; None if there was none. Call `announce_token` after the transaction.

    `rotate_token` gives the person a pixel again.
    """
    return await _end(session, user, because="deactivated")


async def _end(session: AsyncSession, user: User, *, because: str) -> UserToken | None:
    token: UserToken | None = await session.scalar(
        update(UserToken)
        .where(UserToken.user_id == user.id, UserToken.is_active.is_(True))
        .values(is_active=False, deactivated_at=utc_now(), ended_because=because)
        .returning(UserToken)
    )
    return token


async def announce_token(redis: Redis, token: UserToken) -> None:
    """Tell workers at once. Without Redis they notice by themselves within half a minute, so that is no error."""
    message = {"what": "token", "organisationId": str(token.organisation_id), "token": token.token}
    try:
        await redis.publish(CHANNEL, orjson.dumps(message))
    except (RedisError, OSError) as error:
        log.warning("token change not announced; workers notice within 30 s", reason=str(error))
