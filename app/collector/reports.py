"""What each run of each collector has counted, left in Redis for whoever wants to know how recording goes.

A run is one life of the process: its counters begin at zero and are never added to another's before somebody reads.
So a restart loses nothing that was said, and a run that ended without a last word is seen to have done so.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from uuid import uuid4

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.collector.losses import Losses
from app.collector.metrics import HitCounters
from app.outage import Outage

log = logging.getLogger("heliograph.collector")

REPORTS = "collector.reports"
"""Redis hash: name of the collector and of the run → the report."""
EVERY_SECONDS = 2.0
KEEP_SECONDS = 90 * 86_400
"""Runs that said nothing for so long are forgotten."""


@dataclass(frozen=True, slots=True)
class Report:
    """The counters of one run since it began; times are seconds of the epoch."""

    collector: str
    run: str
    started_at: float
    at: float
    is_final: bool
    recorded: int
    malformed: int
    lost: int
    waiting_bytes: int
    latency_buckets: tuple[int, ...]
    losing_since: float | None = None
    """Since when hits are answered and not kept; None while they are kept, and in reports of earlier versions."""
    losing_hits: int = 0
    losing_why: str = ""

    @property
    def field(self) -> str:
        """Its name in the hash."""
        return f"{self.collector}/{self.run}"


def read_report(value: bytes | str) -> Report | None:
    """Return a report, or None if it was written by another version."""
    try:
        found = orjson.loads(value)
        return Report(**{**found, "latency_buckets": tuple(found["latency_buckets"])})
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return None


class Reporter:
    """Writes this run's report every two seconds; while Redis is away nothing is lost but freshness."""

    def __init__(
        self,
        redis: Redis,
        counters: HitCounters,
        *,
        collector: str,
        waiting_bytes: Callable[[], int],
        losses: Losses | None = None,
        clock: Callable[[], float] = time.time,
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._redis, self._counters, self._collector = redis, counters, collector
        self._waiting_bytes, self._clock, self._every_seconds = waiting_bytes, clock, every_seconds
        self._losses = losses
        self._outage = Outage(log, "Redis", meanwhile="success metrics show what was last reported")
        self._run, self._started_at = uuid4().hex[:12], clock()

    async def run(self) -> None:
        """Report until cancelled."""
        is_clean = False
        while True:
            try:
                if not is_clean:
                    await self.forget_old()
                    is_clean = True
                await self.report()
            except (RedisError, OSError, TimeoutError) as error:
                self._outage.begin(error)
            else:
                self._outage.end()
            await asyncio.sleep(self._every_seconds)

    async def report(self, *, is_final: bool = False) -> None:
        """Write what was counted so far. Raises `RedisError` or `OSError`."""
        found = self.present(is_final=is_final)
        await self._redis.hset(REPORTS, found.field, orjson.dumps(asdict(found)))

    def present(self, *, is_final: bool = False) -> Report:
        """Return what was counted so far."""
        loss = self._losses.present if self._losses is not None else None
        return Report(
            collector=self._collector,
            run=self._run,
            started_at=self._started_at,
            at=self._clock(),
            is_final=is_final,
            recorded=self._counters.recorded,
            malformed=self._counters.malformed,
            lost=self._counters.lost,
            waiting_bytes=self._waiting_bytes(),
            latency_buckets=tuple(self._counters.latency_buckets),
            losing_since=None if loss is None else loss.since,
            losing_hits=0 if loss is None else loss.hits,
            losing_why="" if loss is None else loss.why,
        )

    async def forget_old(self) -> None:
        """Delete runs of long ago, and what another version wrote."""
        kept = await self._redis.hgetall(REPORTS)
        for field, value in kept.items():
            found = read_report(value)
            if found is None or found.at < self._clock() - KEEP_SECONDS:
                await self._redis.hdel(REPORTS, field)
