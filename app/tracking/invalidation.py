"""Telling other processes that a token or a setting changed. Redis being away is no error: caches expire by
themselves within half a minute, and live topics are polled meanwhile."""

from datetime import datetime
from uuid import UUID

import orjson
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

CHANNEL = "invalidate"
"""Redis channel on which workers hear that a token or a setting changed."""
EVERYBODY = "*"
"""In `users` of the organisation's live stream: every person of it is touched."""
MAX_ENTRIES = 1000

log = structlog.stdlib.get_logger("heliograph.tracking")


async def announce_settings(redis: Redis, organisation_id: UUID, *, now: datetime) -> None:
    """Empty the workers' caches, and have every open live topic of the organisation computed again."""
    message = {"what": "settings", "organisationId": str(organisation_id), "token": None}
    entry = {"users": EVERYBODY, "at": int(now.timestamp() * 1000)}
    try:
        await redis.publish(CHANNEL, orjson.dumps(message))
        await redis.xadd(f"live:{organisation_id}", entry, maxlen=MAX_ENTRIES, approximate=True)  # type: ignore[arg-type]
    except (RedisError, OSError) as error:
        log.warning("settings change not announced; workers notice within 30 s", reason=str(error))
