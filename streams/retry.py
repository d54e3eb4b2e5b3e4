"""Retrying in place: a dependency that is down stops the stream here, and nothing is acknowledged."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from streams.state import WorkerState
from streams.waits import ANSWER_SECONDS

log = logging.getLogger("heliograph.worker")
T = TypeVar("T")

FIRST_SECONDS, LONGEST_SECONDS = 0.1, 2.0
"""Readiness has to be green within 5 s of the end of a trouble: nobody waits longer than this to try again."""
PROBE_SECONDS = 1.0


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
    """Run `action` until it succeeds, waiting 0.1 to 2 s between attempts; only `errors` are retried.

    Readiness names the service as soon as an attempt fails, or gives no answer for `ANSWER_SECONDS`. If `stop` becomes
    true the last error is raised.
    """
    pause = FIRST_SECONDS
    retried: tuple[type[Exception], ...] = (*errors, BrokenOffError)
    with state.waits.on(service) as wait:
        while True:
            try:
                return await _uncancelled(action, service)
            except retried as error:
                log.debug("%s: %s; retrying", service, error)
                wait.why = str(error) or type(error).__name__
                if stop():
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_SECONDS)


async def keep_probing(
    probe: Callable[[], Awaitable[None]], *, service: str, errors: tuple[type[Exception], ...], state: WorkerState
) -> None:
    """Ask a service every second whether it answers, until cancelled: it may be away while nothing is to be stored."""

    async def ask() -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await probe()
        except TimeoutError as error:
            raise TimeoutError("no answer") from error

    while True:
        await until_done(ask, service=service, errors=(*errors, TimeoutError), state=state)
        await asyncio.sleep(PROBE_SECONDS)
