"""Ending a task that works beside another."""

import asyncio

_PATIENCE_SECONDS = 1.0


async def end(task: "asyncio.Task[None]") -> None:
    """Cancel a task until it has ended: a driver may swallow the cancellation that arrives in the middle of a call.

    Raises what the task ended with, unless that is the cancellation.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=_PATIENCE_SECONDS)
    if not task.cancelled():
        task.result()
