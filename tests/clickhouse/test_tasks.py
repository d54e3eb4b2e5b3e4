import asyncio
from contextlib import suppress

import pytest

from clickhouse import tasks


async def swallowing(times: int) -> None:
    """Work for ever, as a driver does that takes a cancellation for a broken connection."""
    for _ in range(times):
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
    await asyncio.Event().wait()


async def test_a_task_ends_although_its_driver_swallows_a_cancellation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_PATIENCE_SECONDS", 0.01)
    task = asyncio.create_task(swallowing(2))
    await asyncio.sleep(0)
    await tasks.end(task)
    assert task.cancelled()


async def test_what_it_failed_with_is_not_lost() -> None:
    async def broken() -> None:
        raise OSError("the store is away")

    task = asyncio.create_task(broken())
    await asyncio.sleep(0)
    with pytest.raises(OSError, match="away"):
        await tasks.end(task)
