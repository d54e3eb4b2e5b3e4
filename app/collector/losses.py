"""Hits that cannot be kept: told when it begins, while it lasts, and with their number when it is over."""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.collector.fsync import sync_file
from app.collector.spool import Spool

log = logging.getLogger("heliograph.collector")

QUIET_SECONDS = 3.0
"""A loss is over when no hit was lost for so long and there is room again. A small hit may find room where the one
before did not, so a single hit that is kept proves nothing. Readiness has to be green within 5 s of the end."""
REMIND_SECONDS = 300.0
ROOM_BYTES = 2**20
"""Free bytes that count as room: of the quota and on the disk. Of a small quota a twentieth does."""
_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss that lasts: since when (seconds of the epoch), how many hits so far, and why."""

    since: float
    hits: int
    why: str

    def __str__(self) -> str:
        return f"{self.why}; {self.hits:,} lost since {_clock_time(self.since)}"


class Losses:
    """Counts hits that were answered and not kept. `present` is the loss that lasts, None while hits are kept."""

    def __init__(self, spool: Spool, *, sync_to_disk: bool = False, clock: Callable[[], float] = time.time) -> None:
        self._spool, self._sync_to_disk, self._clock = spool, sync_to_disk, clock
        self.present: Loss | None = None
        self._last_at = self._said_at = 0.0

    def count(self, hits: int, why: str) -> None:
        """Count hits that were lost just now; the first of a loss is logged."""
        self._last_at = self._clock()
        if self.present is None:
            self._said_at = self._last_at
            self.present = Loss(self._last_at, hits, why)
            log.error("hits are being lost: they are answered and not kept. %s", why)
        else:
            self.present = Loss(self.present.since, self.present.hits + hits, why)

    async def run(self) -> None:
        """Look whether a loss is over, until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            await self.look()

    async def look(self) -> None:
        """End the loss if it is over; else say from time to time that it lasts."""
        if self.present is None:
            return
        if self._is_quiet():
            why = await self._why_no_room()
            if why is None:
                if self._is_quiet():  # nothing was lost while we looked
                    self._end("hits are kept again")
                return
            self.present = Loss(self.present.since, self.present.hits, why)
        if self._clock() - self._said_at >= REMIND_SECONDS:
            self._said_at = self._clock()
            log.error("hits are still being lost: %s", self.present)

    def close(self) -> None:
        """Say the number of a loss that lasts until the process ends."""
        if self.present is not None:
            self._end("the collector stops")

    def _is_quiet(self) -> bool:
        return not 0 <= self._clock() - self._last_at < QUIET_SECONDS  # a clock set back must not keep us waiting

    def _end(self, what: str) -> None:
        assert self.present is not None
        log.error(
            "%s; %d hits were lost from %s to %s UTC: %s",
            what,
            self.present.hits,
            _clock_time(self.present.since),
            _clock_time(self._last_at),
            self.present.why,
        )
        self.present = None

    async def _why_no_room(self) -> str | None:
        return self._spool.why_quota_is_full(ROOM_BYTES) or await asyncio.to_thread(self._why_disk_is_full)

    def _why_disk_is_full(self) -> str | None:
        """Write a file as large as the room that is wanted and remove it: no figure of a file system says as much."""
        path: Path = self._spool.directory / "room"
        try:
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                if os.write(fd, bytes(ROOM_BYTES)) != ROOM_BYTES:
                    return f"the disk of {self._spool.directory} is full"
                if self._sync_to_disk:
                    sync_file(fd)
            finally:
                os.close(fd)
        except OSError as error:
            return f"{self._spool.directory}: {error.strerror}"
        finally:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        return None


def _clock_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
