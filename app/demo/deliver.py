"""Sends a demo spool to the stream, after saying that it was accepted, and waits until every byte is confirmed."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.collector.forwarder import Forwarder
from app.collector.reports import REPORTS, Report
from app.collector.spool import Spool
from app.demo.job import Job
from app.settings import Settings

_LOOK_SECONDS = 0.1
_RUN = "only"
log = logging.getLogger("heliograph.demo")


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far it has come: events sent to Kafka, events stored (estimated from bytes until the end), and the state."""

    sent: int
    stored: int
    state: str
    reason: str


async def report_accepted(settings: Settings, job: Job) -> None:
    """Say of the spool what a collector says of its own: so many hits were accepted.

    Without it more would be stored than was ever accepted, and success metrics (SPEC H20) could not see a loss. Said
    again it is the same. Redis being away is no reason not to fill.
    """
    report = Report(
        collector=job.source,
        run=_RUN,
        started_at=job.made_at,
        at=time.time(),
        is_final=True,
        recorded=job.events,
        malformed=0,
        lost=0,
        waiting_bytes=0,
        latency_buckets=(),
    )
    try:
        async with Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=2) as redis:
            await redis.hset(REPORTS, report.field, orjson.dumps(asdict(report)))
    except (RedisError, OSError, TimeoutError) as error:
        log.warning("Redis is away (%s): success metrics will not know of these events", error)


async def deliver(
    directory: Path, source: str, settings: Settings, *, events: int, on_look: Callable[[Delivery], None]
) -> None:
    """Send what the spool holds; return when every byte has its receipt.

    Waits as long as it takes while a service is away. May be cancelled at any time and called again later.
    """
    spool = Spool(directory, source=source, quota_bytes=2**40)
    total = max(1, sum(segment.size for segment in spool.segments.values()))
    forwarder = Forwarder(
        spool, settings.model_copy(update={"spool_horizon_seconds": float("inf"), "collector_id": source})
    )
    sending = asyncio.create_task(forwarder.run())
    try:
        while (unconfirmed := spool.unconfirmed_bytes()) > 0:
            if sending.done():
                sending.result()
            stored = events * (total - unconfirmed) // total
            on_look(
                Delivery(
                    max(stored, min(forwarder.sent_events, events)), stored, forwarder.state, forwarder.broker.reason
                )
            )
            await asyncio.sleep(_LOOK_SECONDS)
        on_look(Delivery(events, events, "stored", ""))
    finally:
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
        spool.close()
