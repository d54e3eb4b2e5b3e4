"""Group sync (`SPOOL_SYNC=disk`): groups wait until their segment, and its entry in the directory, are on the disk."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from app.collector.fsync import sync_directory, sync_file
from app.collector.losses import Losses
from app.collector.spool import Spool

Waiting = tuple[int, int, "asyncio.Future[bool]"]
"""The number of a group's segment, how many hits it has, and what they wait for."""


class DiskSync:
    """Syncs in a thread, one sync at a time; groups that were written meanwhile share the next one.

    A sync covers all bytes that a segment had when it began. If it fails, none of the segment's bytes that were not
    synced before are kept, and all who wait for them are told so.
    """

    def __init__(self, spool: Spool, losses: Losses) -> None:
        self._spool, self._losses = spool, losses
        self._waiting: list[Waiting] = []
        self._is_running = False
        self._thread = ThreadPoolExecutor(1, "spool-sync")

    def settle_after_sync(self, segment: int, hits: int, done: "asyncio.Future[bool]") -> None:
        """Set `done` when all that is written in the segment by now was synced (True), or could not be (False)."""
        self._waiting.append((segment, hits, done))
        if not self._is_running:
            self._begin()

    def close(self) -> None:
        """Wait for the sync that runs."""
        self._thread.shutdown(wait=True)

    def _begin(self) -> None:
        group, self._waiting = self._waiting, []
        self._is_running = True
        # A segment with bytes that are not kept has no receipt for them, so it is not deleted and its file stays open.
        ends = {number: self._spool.segments[number].size for number, _, _ in group}
        files = {number: self._spool.segments[number].fd for number in ends}
        directories = self._spool.take_unsynced_directories()
        running = asyncio.get_running_loop().run_in_executor(self._thread, _sync, files, directories)
        running.add_done_callback(partial(self._end, group, ends, directories))

    def _end(
        self,
        group: list[Waiting],
        ends: Mapping[int, int],
        directories: Sequence[Path],
        running: "asyncio.Future[Mapping[int, OSError]]",
    ) -> None:
        self._is_running = False
        if running.cancelled():  # the loop ends; nobody is answered any more
            return
        failed = running.result()
        if failed:
            self._spool.put_back_unsynced_directories(directories)
        for number, end in ends.items():
            if number not in failed:
                self._spool.keep(number, end)
        for number, error in failed.items():
            self._spool.give_up(number, f"the disk could not be synced: {error.strerror}")
        behind = [waiting for waiting in self._waiting if waiting[0] in failed]
        self._waiting = [waiting for waiting in self._waiting if waiting[0] not in failed]
        for number, hits, done in (*group, *behind):
            if number in failed:
                self._losses.count(hits, self._spool.failure or "")
            if not done.done():
                done.set_result(number not in failed)
        if self._waiting:
            self._begin()


def _sync(files: Mapping[int, int], directories: Sequence[Path]) -> dict[int, OSError]:
    """Sync files, then the directories that name them; return what failed, by segment. Runs in the thread."""
    failed: dict[int, OSError] = {}
    for number, fd in files.items():
        try:
            sync_file(fd)
        except OSError as error:
            failed[number] = error
    try:
        for directory in directories:
            sync_directory(directory)
    except OSError as error:  # which of the files are in it nobody knows
        failed |= dict.fromkeys(files, error)
    return failed
