"""Retrying in place: a dependency that is down stops the stream here, and nothing is acknowledged."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from streams.state import WorkerState

log = logging.getLogger("heliograph.worker")
T = TypeVar("T")

FIRST_SECONDS, LONGEST_SECONDS = 0.1, 5.0


class BrokenOffError(Exception):
    """A library cancelled what we waited for (aiokafka does, when a connection breaks)."""


async def _uncancelled(action: Callable[[], Awaitable[T]], service: str) -> T:
    """Run `action`; a cancellation that nobody asked this task for is an error like any other."""
    try:
        return await action()
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise BrokenOffError(f"the connection to {service} broke") from error


async def until_done(
    action: Callable[[], Awaitable[T]],
    *,
    service: str,
    errors: tuple[type[Exception], ...],
    state: WorkerState,
    stop: Callable[[], bool] = lambda: False,
) -> T:
    """Run `action` until it succeeds, waiting 0.1 to 5 s between attempts; only `errors` are retried.

    Readiness names the service meanwhile. If `stop` becomes true the last error is raised.
    """
    wait = FIRST_SECONDS
    retried: tuple[type[Exception], ...] = (*errors, BrokenOffError)
    while True:
        try:
            result = await _uncancelled(action, service)
        except retried as error:
            if service not in state.trouble:
                log.warning("%s: %s; retrying", service, error)
            state.is_away(service, str(error))
            if stop():
                raise
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_SECONDS)
        else:
            if service in state.trouble:
                log.info("%s answers again", service)
            state.is_back(service)
            return result
