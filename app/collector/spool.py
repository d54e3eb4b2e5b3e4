"""The spool: hits on disk, from before they are answered until the store has confirmed them.

A directory of segment files, `{number:016x}.seg`, written by exactly one process. The file with the highest number
is the open one; a restart never appends to an old file.
"""

import fcntl
import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import randbits

from app.collector import segment as records
from app.collector.fsync import sync_directory, sync_file
from app.collector.intervals import IntervalSet
from app.outage import Outage
from schemas.frame import MAX_SOURCE_BYTES
from schemas.receipts import Range

log = logging.getLogger("heliograph.collector")

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
    """Bytes that were written."""
    kept: int
    """Bytes of these that are as safe as was asked for: all, or with `SPOOL_SYNC=disk` those that were synced. Only
    these are handed out."""
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

    `append` is synchronous and takes one `write`; it never raises for a full disk or quota, but returns None.
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
        self._removal = Outage(log, "removing stored segments", meanwhile="they keep their place in the quota")
        if len(source.encode()) > MAX_SOURCE_BYTES:
            raise SpoolError(f"COLLECTOR_ID {source!r} is longer than {MAX_SOURCE_BYTES} bytes; choose a shorter one")
        self._unsynced_directories = _parents_of_new(directory)
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
            self.segments[number] = Segment(number, path, fd, size, size, self._clock(), is_open=False)
            self.total_bytes += size

    def on_append(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever there is more to hand out."""
        self._listeners.append(listener)

    def append(self, lines: Sequence[bytes], *, is_synced_later: bool = False) -> Range | None:
        """Write lines (each ended by a newline) with one `write`; return where they stand in the file.

        None when the disk or the quota is full: nothing of them is kept, and `failure` says why. With
        `is_synced_later` they are handed out only after `keep`. Raises `LineTooLargeError`, and writes nothing.
        """
        data = records.pack(lines)
        current = None
        try:
            if self.total_bytes + len(data) > self._quota and not self._make_room(len(data)):
                self.failure = self._quota_is_full()
                return None
            current = self._segment_for(len(data))
            if os.write(current.fd, data) != len(data):
                self._cut(current, current.size)
                self.failure = f"the disk of {self.directory} is full"
                return None
        except OSError as error:
            if current is not None:
                self._cut(current, current.size)
            self.failure = f"{self.directory}: {error.strerror}"
            return None
        start = current.size
        current.size += len(data)
        current.stored_at = None
        self.total_bytes += len(data)
        if not is_synced_later:
            self.keep(current.number, current.size)
        return Range(current.number, start, current.size)

    def keep(self, number: int, end: int) -> None:
        """Hand out the bytes of a segment before `end` from now on: they are as safe as was asked for."""
        found = self.segments[number]
        found.kept = max(found.kept, end)
        self.failure = None
        for listener in self._listeners:
            listener()

    def give_up(self, number: int, why: str) -> None:
        """Take back what a segment holds beyond the bytes that are kept; it takes no more.

        After a sync that failed the system may hold pages for clean that never reached the disk, so that a second
        sync of the same file would succeed and say nothing (PostgreSQL's "fsyncgate").
        """
        found = self.segments[number]
        self.failure = f"{found.path}: {why}"
        self._close(found)
        self.total_bytes -= found.size - found.kept
        found.size = found.kept
        self._cut(found, found.kept)

    def sync(self) -> None:
        """Force all that is written to the disk, in this thread. Raises `OSError`."""
        for found in self.segments.values():
            sync_file(found.fd)
        for directory in self.take_unsynced_directories():
            sync_directory(directory)

    def take_unsynced_directories(self) -> list[Path]:
        """Return the directories that have entries which no sync has covered yet, and hold them for covered."""
        taken, self._unsynced_directories = self._unsynced_directories, []
        return taken

    def put_back_unsynced_directories(self, directories: Sequence[Path]) -> None:
        """Say that the sync of these directories failed."""
        self._unsynced_directories += directories

    def _cut(self, found: Segment, end: int) -> None:
        """Remove what was written behind `end`; a file of which that cannot be removed takes no more."""
        try:
            os.ftruncate(found.fd, end)
        except OSError:
            self._close(found)  # what is behind the end is never read in this run, and checked by its CRC in the next

    def rotate_if_old(self) -> None:
        """Close the open segment when it has reached its age, so that it can be confirmed and deleted."""
        current = self._current
        if current and current.size and self._clock() - current.opened_at >= self._segment_seconds:
            self._close(current)

    def _segment_for(self, length: int) -> Segment:
        current = self._current
        if current is not None and current.size and current.size + length > self._segment_bytes:
            self._close(current)
            current = None
        return current or self._new_segment()

    def _new_segment(self) -> Segment:
        # Milliseconds and ten random bits: grows with time, and is never used twice, even after every file
        # was deleted and the clock was set back; an old receipt must not confirm a new hit.
        number = (int(self._wall_clock() * 1000) << 10) | randbits(10)
        number = max(number, max(self.segments, default=0) + 1)
        path = self.directory / f"{number:016x}{SUFFIX}"
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._current = Segment(number, path, fd, 0, 0, self._clock(), is_open=True)
        self.segments[number] = self._current
        if self.directory not in self._unsynced_directories:
            self._unsynced_directories.append(self.directory)
        return self._current

    def _close(self, found: Segment) -> None:
        found.is_open = False
        if found is self._current:
            self._current = None

    def read(self, wanted: Range, *, max_lines: int = records.MAX_LINES) -> records.Slice | None:
        """Return the first slice of the wanted range, or None when the segment is gone or the range is empty."""
        found = self.segments.get(wanted.segment)
        if found is None:
            return None
        return records.read_slice(
            found.fd, found.number, wanted.start, min(wanted.end, found.kept), max_lines=max_lines
        )

    def confirm(self, stored: Range) -> None:
        """Note a receipt. Receipts for segments that are gone, and repeated ones, change nothing."""
        found = self.segments.get(stored.segment)
        if found is None or stored.end > found.kept:
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
                try:
                    freed += self._delete(found)
                    self._removal.end()
                except OSError as error:  # the others can be removed perhaps; this one is tried again
                    self._removal.begin(error)
        return freed

    def _make_room(self, length: int) -> bool:
        """Give up the horizon of confirmed segments, oldest first, until `length` bytes fit in the quota.

        Raises `OSError` if they do not fit because segments could not be removed.
        """
        failed: OSError | None = None
        for number in sorted(self.segments):
            found = self.segments[number]
            if not found.is_open and found.stored.covers(0, found.size):
                try:
                    self._delete(found)
                except OSError as error:
                    failed = error
                if self.total_bytes + length <= self._quota:
                    return True
        if failed is not None:
            raise failed
        return False

    def why_quota_is_full(self, room: int) -> str | None:
        """Say why `room` more bytes (of a small quota a twentieth of it) would be too many; None if they would not."""
        room = min(room, self._quota // 20)
        free = self._quota - self.total_bytes
        free += sum(it.size for it in self.segments.values() if not it.is_open and it.stored.covers(0, it.size))
        return None if free >= room else self._quota_is_full()

    def _quota_is_full(self) -> str:
        return f"the spool holds {self.total_bytes} bytes, its quota (SPOOL_QUOTA_BYTES) is {self._quota}"

    def _delete(self, found: Segment) -> int:
        found.path.unlink(missing_ok=True)  # first: a file that cannot be removed still takes its place in the quota
        del self.segments[found.number]
        os.close(found.fd)
        self.total_bytes -= found.size
        return found.size

    def close(self) -> None:
        """Close all files; what is in them stays."""
        self._current = None
        for found in self.segments.values():
            os.close(found.fd)
        self.segments.clear()
        os.close(self._lock)


def _parents_of_new(directory: Path) -> list[Path]:
    """Return the directories that get a new entry when `directory` is made."""
    return [path.parent for path in (directory, *directory.parents) if not path.exists()]
