"""Group commit: the hits of one turn of the event loop share one write, and are answered after it."""

import asyncio
import logging

from app.collector.disk_sync import DiskSync
from app.collector.losses import Losses
from app.collector.segment import MAX_LINE, LineTooLargeError
from app.collector.spool import Spool

log = logging.getLogger("heliograph.collector")


class GroupCommit:
    """Collects lines until the loop's turn ends, appends them at once, then lets all waiters go.

    Measured: one commit a turn (`call_soon`) serves more hits/s at lower latency than a 3 ms timer.
    With `sync_to_disk` each group also waits until its bytes were synced (`disk_sync`), while the next group gathers.
    """

    def __init__(self, spool: Spool, *, sync_to_disk: bool = False) -> None:
        self._spool = spool
        self.losses = Losses(spool, sync_to_disk=sync_to_disk)
        self._lines: list[bytes] = []
        self._done: asyncio.Future[bool] | None = None
        self._disk = DiskSync(spool, self.losses) if sync_to_disk else None

    def add(self, line: bytes) -> "asyncio.Future[bool]":
        """Queue a line; the future says whether it is in the spool (False: disk or quota full, or it is too large)."""
        if len(line) > MAX_LINE:
            return self._refuse(line)
        self._lines.append(line)
        if self._done is None:
            loop = asyncio.get_running_loop()
            self._done = loop.create_future()
            loop.call_soon(self._commit)
        return self._done

    def close(self) -> None:
        """Wait for the sync that runs and say what was lost; call it before the spool is closed."""
        if self._disk is not None:
            self._disk.close()
        self.losses.close()

    def _commit(self) -> None:
        lines, done = self._lines, self._done
        self._lines, self._done = [], None
        assert done is not None
        written = self._spool.append(lines, is_synced_later=self._disk is not None)
        if written is None:
            self.losses.count(len(lines), self._spool.failure or "")
            done.set_result(False)
        elif self._disk is None:
            done.set_result(True)
        else:
            self._disk.settle_after_sync(written.segment, len(lines), done)

    def _refuse(self, line: bytes) -> "asyncio.Future[bool]":
        """Answer for one line alone: those of its group are kept, and the spool is well."""
        log.error("a hit is lost: %s", LineTooLargeError(len(line)))
        refused = asyncio.get_running_loop().create_future()
        refused.set_result(False)
        return refused
