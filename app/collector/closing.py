"""Closing of connections to a broker that may be gone: bounded in time, whatever the library waits for."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger("heliograph.forwarder")


async def closed_within(seconds: float, closing: Coroutine[Any, Any, object], *, what: str) -> None:
    """Wait for `closing`, at most so long; then it is cancelled and left to itself. Raises nothing of it.

    `asyncio.wait_for` waits until what it cancelled has ended, and aiokafka's closing may take a cancellation for an
    answer and go on waiting for a broker that will never send one.
    """
    task = asyncio.ensure_future(closing)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.cancel()
        log.warning("%s did not close within %g s; it is left to itself", what, seconds)
    elif not task.cancelled() and (error := task.exception()) is not None:
        log.debug("%s: %r while closing", what, error)
