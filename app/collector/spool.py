"""The spool: hits on disk, from before they are answered until the store has confirmed them.

A directory of segment files, `{number:016x}.seg`, written by exactly one process. The file with the highest number
is the open one; a restart never appends to an old file.
"""

import fcntl
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import randbits

from app.collector import segment as records
from app.collector.intervals import IntervalSet
from schemas.receipts import Range

SUFFIX = ".seg"


class SpoolError(RuntimeError):
    """The spool cannot be opened; the message says why and what to do."""


@dataclass(slots=True)
class Segment:
    """One file of the spool and what is known of it."""

    number: int
    path: Path
    fd: int
    size: int
    opened_at: float
    is_open: bool
    stored: IntervalSet = field(default_factory=IntervalSet)
    stored_at: float | None = None
    """When the last byte got its receipt (monotonic seconds), once all have one."""

    def unconfirmed(self) -> int:
        """Bytes without a receipt."""
        return sum(end - start for start, end in self.stored.missing(0, self.size))


class Spool:
    """Appends hits durably and hands them out again as slices.

    `append` is synchronous and takes one `write`; it never raises for a full disk or quota, but returns False.
    """

    def __init__(
        self,
        directory: Path,
        *,
        source: str,
        segment_bytes: int = 16 * 2**20,
        segment_seconds: float = 60,
        quota_bytes: int = 4 * 2**30,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self.source = source
        self.directory = directory
        self.segments: dict[int, Segment] = {}
        self.total_bytes = 0
        self.failure: str | None = None
        """Why the last append failed, until one succeeds."""
        self._segment_bytes, self._segment_seconds, self._quota = segment_bytes, segment_seconds, quota_bytes
        self._clock, self._wall_clock = clock, wall_clock
        self._current: Segment | None = None
        self._listeners: list[Callable[[], None]] = []
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise SpoolError(
                f"{directory} is in use by another process; give each collector its own SPOOL_DIR and COLLECTOR_ID"
            ) from error
        self._open_existing()

    def _open_existing(self) -> None:
        for path in sorted(self.directory.glob(f"*{SUFFIX}")):
            size = path.stat().st_size
            if size == 0:
                path.unlink()
                continue
            number = int(path.stem, 16)
            fd = os.open(path, os.O_RDONLY)
            self.segments[number] = Segment(number, path, fd, size, self._clock(), is_open=False)
            self.total_bytes += size

    def on_append(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each append that stored something."""
        self._listeners.append(listener)

    def append(self, lines: Sequence[bytes]) -> bool:
        """Write lines (each ended by a newline) with one `write`; True when they are in the file.

        False when the disk or the quota is full: nothing of them is kept, and `failure` says why.
        """
        data = records.pack(lines)
        if self.total_bytes + len(data) > self._quota and not self._make_room(len(data)):
            self.failure = f"the spool holds {self.total_bytes} bytes, its quota (SPOOL_QUOTA_BYTES) is {self._quota}"
            return False
        current = None
        try:
            current = self._segment_for(len(data))
            if os.write(current.fd, data) != len(data):
                os.ftruncate(current.fd, current.size)
                self.failure = f"the disk of {self.directory} is full"
                return False
        except OSError as error:
            if current is not None:
                os.ftruncate(current.fd, current.size)
            self.failure = f"{self.directory}: {error.strerror}"
            return False
        current.size += len(data)
        current.stored_at = None
        self.total_bytes += len(data)
        self.failure = None
        for listener in self._listeners:
            listener()
        return True

    def sync(self) -> None:
        """Force the open segment to disk (`SPOOL_SYNC=disk`); may take milliseconds, call it from a thread."""
        if self._current is not None:
            getattr(os, "fdatasync", os.fsync)(self._current.fd)

    def rotate_if_old(self) -> None:
        """Close the open segment when it has reached its age, so that it can be confirmed and deleted."""
        current = self._current
        if current and current.size and self._clock() - current.opened_at >= self._segment_seconds:
            self._close_current()

    def _segment_for(self, length: int) -> Segment:
        current = self._current
        if current is not None and current.size and current.size + length > self._segment_bytes:
            self._close_current()
            current = None
        return current or self._new_segment()

    def _new_segment(self) -> Segment:
        # Milliseconds and ten random bits: grows with time, and is never used twice, even after every file
        # was deleted and the clock was set back; an old receipt must not confirm a new hit.
        number = (int(self._wall_clock() * 1000) << 10) | randbits(10)
        number = max(number, max(self.segments, default=0) + 1)
        path = self.directory / f"{number:016x}{SUFFIX}"
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._current = Segment(number, path, fd, 0, self._clock(), is_open=True)
        self.segments[number] = self._current
        return self._current

    def _close_current(self) -> None:
        if self._current is not None:
            self._current.is_open = False
            self._current = None

    def read(self, wanted: Range, *, max_lines: int = records.MAX_LINES) -> records.Slice | None:
        """Return the first slice of the wanted range, or None when the segment is gone or the range is empty."""
        found = self.segments.get(wanted.segment)
        if found is None:
            return None
        return records.read_slice(
            found.fd, found.number, wanted.start, min(wanted.end, found.size), max_lines=max_lines
        )

    def confirm(self, stored: Range) -> None:
        """Note a receipt. Receipts for segments that are gone, and repeated ones, change nothing."""
        found = self.segments.get(stored.segment)
        if found is None or stored.end > found.size:
            return
        found.stored.add(stored.start, stored.end)
        if found.stored_at is None and found.stored.covers(0, found.size):
            found.stored_at = self._clock()

    def unconfirmed(self) -> list[Range]:
        """Return every stretch without a receipt, oldest first."""
        return [
            Range(found.number, start, end)
            for found in sorted(self.segments.values(), key=lambda item: item.number)
            for start, end in found.stored.missing(0, found.size)
        ]

    def unconfirmed_bytes(self) -> int:
        """Return how many bytes have no receipt yet."""
        return sum(found.unconfirmed() for found in self.segments.values())

    def delete_stored(self, *, older_than: float) -> int:
        """Delete closed segments wholly confirmed more than `older_than` seconds ago; return the bytes freed."""
        freed = 0
        for found in list(self.segments.values()):
            if found.is_open or not found.stored.covers(0, found.size):
                continue
            if found.stored_at is None:
                found.stored_at = self._clock()
            if self._clock() - found.stored_at >= older_than:
                freed += self._delete(found)
        return freed

    def _make_room(self, length: int) -> bool:
        """Give up the horizon of confirmed segments, oldest first, until `length` bytes fit in the quota."""
        for number in sorted(self.segments):
            found = self.segments[number]
            if not found.is_open and found.stored.covers(0, found.size):
                self._delete(found)
                if self.total_bytes + length <= self._quota:
                    return True
        return False

    def _delete(self, found: Segment) -> int:
        del self.segments[found.number]
        os.close(found.fd)
        found.path.unlink(missing_ok=True)
        self.total_bytes -= found.size
        return found.size

    def close(self) -> None:
        """Close all files; what is in them stays."""
        self._current = None
        for found in self.segments.values():
            os.close(found.fd)
        self.segments.clear()
        os.close(self._lock)
