"""Group commit: the hits of one turn of the event loop share one write, and are answered after it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from app.collector.spool import Spool


class GroupCommit:
    """Collects lines until the loop's turn ends, appends them at once, then lets all waiters go.

    Measured: one commit a turn (`call_soon`) serves more hits/s at lower latency than a 3 ms timer.
    With `sync_to_disk` each group also waits for `fdatasync`, in a thread, while the next group gathers.
    """

    def __init__(self, spool: Spool, *, sync_to_disk: bool = False) -> None:
        self._spool = spool
        self._lines: list[bytes] = []
        self._done: asyncio.Future[bool] | None = None
        self._thread = ThreadPoolExecutor(1, "spool-sync") if sync_to_disk else None

    def add(self, line: bytes) -> "asyncio.Future[bool]":
        """Queue a line; the future says whether it is in the spool (False: disk or quota full)."""
        self._lines.append(line)
        if self._done is None:
            loop = asyncio.get_running_loop()
            self._done = loop.create_future()
            loop.call_soon(self._commit)
        return self._done

    def _commit(self) -> None:
        lines, done = self._lines, self._done
        self._lines, self._done = [], None
        assert done is not None
        kept = self._spool.append(lines)
        if self._thread is None or not kept:
            done.set_result(kept)
            return
        synced = asyncio.get_running_loop().run_in_executor(self._thread, self._spool.sync)
        synced.add_done_callback(lambda task: _settle(done, is_kept=task.exception() is None))


def _settle(done: "asyncio.Future[bool]", *, is_kept: bool) -> None:
    if not done.done():
        done.set_result(is_kept)
