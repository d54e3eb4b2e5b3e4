"""A lane lets a few statements run, a few more wait, and refuses the rest."""

import asyncio
import threading

import pytest

from app.embedded.clickhouse_server.errors import ClickHouseError
from app.embedded.clickhouse_server.lanes import Lane


async def test_what_neither_runs_nor_waits_is_refused_until_a_place_is_free() -> None:
    lane = Lane("test", places=1, queue=1)
    go = threading.Event()

    async def occupy() -> str:
        async with lane.place():
            await lane.run(go.wait)
            return "done"

    running, waiting = asyncio.create_task(occupy()), asyncio.create_task(occupy())
    await asyncio.sleep(0)
    with pytest.raises(ClickHouseError) as refused:
        await occupy()
    assert (refused.value.code, refused.value.status) == (202, 503)
    go.set()
    assert [await running, await waiting, await occupy()] == ["done"] * 3
    lane.close()


async def test_a_failed_statement_gives_its_place_back() -> None:
    lane = Lane("test", places=1, queue=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            async with lane.place():
                await lane.run(divmod, 1, 0)
    lane.close()
