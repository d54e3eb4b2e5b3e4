"""Tells whoever watches that something new is stored; after the acknowledgement, and never in its way."""

import asyncio
import logging
import time
from collections.abc import Iterable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.answers import late_key
from app.outage import Outage
from app.tracking.invalidation import EVERYBODY
from schemas.events import SignatureOpened, VisitorReclassified

log = logging.getLogger("heliograph.announce")

DAY_MS = 86_400_000
MAX_ENTRIES = 1000
"""Announcements kept for each organisation: the source of resume after a lost connection."""


def live_stream(organisation_id: str) -> str:
    """Return the name of an organisation's stream of announcements."""
    return f"live:{organisation_id}"


class Announcer:
    """Gathers who was touched and writes one entry per organisation. Redis being away costs a live update only:
    whoever reads asks ClickHouse, and asks again from time to time."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._touched: dict[str, set[str]] = {}
        self._late: set[str] = set()
        self._wake = asyncio.Event()
        self._outage = Outage(log, "Redis", meanwhile="live pages ask by themselves, announcements are kept and merged")

    def announce(self, opened: Iterable[SignatureOpened], reclassified: Iterable[VisitorReclassified] = ()) -> None:
        """Note events that are stored and acknowledged; returns at once.

        A visitor that was no person has opened signatures of many people, whom its event does not name: everybody.
        """
        today = time.time_ns() // 1_000_000 // DAY_MS * DAY_MS
        for event in opened:
            self._touched.setdefault(event.organisation_id, set()).add(event.user_id)
            if event.at < today:
                self._late.add(event.organisation_id)
        for found in reclassified:
            self._touched.setdefault(found.organisation_id, set()).add(EVERYBODY)
            self._late.add(found.organisation_id)
        self._wake.set()

    async def run(self) -> None:
        """Write announcements until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            touched, self._touched = self._touched, {}
            late, self._late = self._late, set()
            if not touched:
                continue
            try:
                async with self._redis.pipeline(transaction=False) as pipe:
                    for organisation_id in late:  # first: who sees the announcement looks anew at days that are over
                        pipe.set(late_key(organisation_id), time.time_ns())
                    for organisation_id, users in touched.items():
                        pipe.xadd(
                            live_stream(organisation_id),
                            {"users": _listed(users), "at": int(time.time() * 1000)},
                            maxlen=MAX_ENTRIES,
                            approximate=True,
                        )
                    await pipe.execute()
            except (RedisError, OSError, TimeoutError) as error:
                self._outage.begin(error)
                await asyncio.sleep(0.5)
                for organisation_id, users in touched.items():  # tell them once Redis is back
                    self._touched.setdefault(organisation_id, set()).update(users)
                self._late |= late
                self._wake.set()
            else:
                self._outage.end()


def _listed(users: set[str]) -> str:
    """Return what the entry says in `users`: ids, or the sign for everybody alone."""
    return EVERYBODY if EVERYBODY in users else ",".join(sorted(users))
