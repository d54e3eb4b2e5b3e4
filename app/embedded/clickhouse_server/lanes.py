"""How many statements run at once: each lane has threads of its own and a queue with an end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

from app.embedded.clickhouse_server.errors import too_many_queries

P = ParamSpec("P")
R = TypeVar("R")


class Lane:
    """`places` statements run, `queue` more wait; the next one is refused. Belongs to one event loop."""

    def __init__(self, name: str, *, places: int, queue: int) -> None:
        self._places, self._queue = places, queue
        self._free = asyncio.Semaphore(places)
        self._inside = 0
        self._threads = ThreadPoolExecutor(places, thread_name_prefix=name)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Hold a place, after waiting for it. Raises `ClickHouseError` 202 when the queue is full."""
        if self._inside >= self._places + self._queue:
            raise too_many_queries(self._places, self._inside - self._places)
        self._inside += 1
        try:
            async with self._free:
                yield
        finally:
            self._inside -= 1

    async def run(self, work: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
        """Run blocking work on a thread of this lane; it goes on if the caller is cancelled."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*arguments, **named))

    def close(self) -> None:
        """Wait for the threads to end."""
        self._threads.shutdown(wait=True)


class Lanes:
    """The lane of ordinary statements and the one of those that look at or end them."""

    def __init__(self) -> None:
        # 8: twice the tasks that ask at once (store blocks, dashboards), each with up to a thread for every core.
        self._ordinary = Lane("query", places=8, queue=256)
        self._control = Lane("control", places=2, queue=32)

    def of(self, *, is_control: bool) -> Lane:
        """Return the lane for a statement."""
        return self._control if is_control else self._ordinary

    def close(self) -> None:
        """Wait for everything under way."""
        self._ordinary.close()
        self._control.close()
