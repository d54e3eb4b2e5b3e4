"""Sends a demo spool to the stream and waits until the store has confirmed every byte."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.collector.forwarder import Forwarder
from app.collector.spool import Spool
from app.settings import Settings

_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far it has come: events sent to Kafka, events stored (estimated from bytes until the end), and the state."""

    sent: int
    stored: int
    state: str
    reason: str


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
                Delivery(max(stored, min(forwarder.sent_events, events)), stored, forwarder.state, forwarder.reason)
            )
            await asyncio.sleep(_LOOK_SECONDS)
        on_look(Delivery(events, events, "stored", ""))
    finally:
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sending
        spool.close()
