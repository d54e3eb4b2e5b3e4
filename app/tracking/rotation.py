"""Giving a user a new token: the old one stays known, as inactive, so that its late hits can be named."""

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
    """Deactivate the user's token and make a new one. Call `announce_token` after the transaction."""
    await session.execute(
        update(UserToken)
        .where(UserToken.user_id == user.id, UserToken.is_active.is_(True))
        .values(is_active=False, deactivated_at=utc_now())
    )
    token = UserToken(organisation_id=user.organisation_id, user_id=user.id)
    session.add(token)
    await session.flush()
    return token


async def announce_token(redis: Redis, token: UserToken) -> None:
    """Tell workers at once. Without Redis they notice by themselves within half a minute, so that is no error."""
    message = {"what": "token", "organisationId": str(token.organisation_id), "token": token.token}
    try:
        await redis.publish(CHANNEL, orjson.dumps(message))
    except (RedisError, OSError) as error:
        log.warning("token change not announced; workers notice within 30 s", reason=str(error))
