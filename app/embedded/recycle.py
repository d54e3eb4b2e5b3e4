"""Planned recycling of the embedded broker, which keeps every record in memory for ever.

It takes the same way as a crash (new life, fresh topics, the spool sends what has no receipt), only with nothing under
way: the collector holds, the store finishes, broker and worker start again, the collector goes on. No hit waits for
the GIF meanwhile: the spool takes them all.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import psutil

from app.embedded.console import Console
from app.embedded.data_dir import DataDir
from app.embedded.supervisor import Supervisor

DRAIN_SECONDS = 120.0
_WORKER_GRACE_SECONDS = 5.0
_POLL_SECONDS = 0.1


class Recycler:
    """Restarts broker and worker when the broker's memory passes a limit.

    `readiness` returns the collector's readiness document; its `forwarder` says when nothing is under way.
    """

    def __init__(
        self,
        supervisor: Supervisor,
        data: DataDir,
        console: Console,
        *,
        limit_mb: int,
        readiness: Callable[[], Awaitable[dict[str, Any]]],
    ) -> None:
        self._supervisor, self._data, self._console = supervisor, data, console
        self._limit_bytes = limit_mb * 2**20
        self._readiness = readiness
        self.recycled = 0
        """How often it has been done."""

    def is_over_limit(self) -> bool:
        """Say whether a broker that is up holds more memory than it may."""
        broker = self._supervisor.units["broker"]
        if not broker.up.is_set():
            return False
        try:
            resident: int = psutil.Process(self._supervisor.pids["broker"]).memory_info().rss
        except psutil.Error:
            return False  # it has just died; its restart frees everything anyway
        return resident > self._limit_bytes

    async def recycle(self) -> None:
        """Hold, drain, restart both, go on. Whatever happens, the collector goes on in the end."""
        self._console.note("broker", f"holds more than {self._limit_bytes >> 20} MB; recycling, hits wait in the spool")
        broker, worker = self._supervisor.units["broker"], self._supervisor.units["worker"]
        self._data.hold.touch()
        try:
            if not await self._drained():
                self._console.note("broker", "not everything was stored in time; the spool will send the rest again")
            broker.up.clear()  # so that the worker's successor waits for the next life
            await worker.end_gently(grace_seconds=_WORKER_GRACE_SECONDS)
            broker.end()
            await broker.up.wait()
        finally:
            self._data.hold.unlink(missing_ok=True)
        await worker.up.wait()
        self.recycled += 1
        self._console.note("broker", "recycled")

    async def _drained(self) -> bool:
        """Wait until the collector holds and all it sent has been stored; say whether that came in time."""
        deadline = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < deadline:
            try:
                forwarder = (await self._readiness()).get("forwarder", {})
            except (OSError, TimeoutError, ValueError):
                forwarder = {}  # the collector restarts; it will see the hold file
            if forwarder.get("state") == "held" and forwarder.get("awaitedBytes") == 0:
                return True
            await asyncio.sleep(_POLL_SECONDS)
        return False
