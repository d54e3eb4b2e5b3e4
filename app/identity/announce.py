"""Telling every API process that credentials of an organisation may have ended, so that open streams are looked at.

Redis being away is no error: each process looks by itself every few seconds (`app/live/doors.py`).
"""

from datetime import datetime
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.tracking.invalidation import MAX_ENTRIES

log = structlog.stdlib.get_logger("heliograph.identity")


async def announce_access(redis: Redis, organisation_id: UUID, *, now: datetime) -> None:
    """Have the organisation's open live streams looked at now; call it after the transaction."""
    entry = {"access": "1", "at": int(now.timestamp() * 1000)}
    try:
        await redis.xadd(f"live:{organisation_id}", entry, maxlen=MAX_ENTRIES, approximate=True)  # type: ignore[arg-type]
    except (RedisError, OSError) as error:
        log.warning("an end of access was not announced; live streams notice within seconds", reason=str(error))
