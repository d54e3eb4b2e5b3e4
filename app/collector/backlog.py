"""What of the spool is still to be sent: fresh bytes after a position, and stretches to be sent again.

Reads only the spool's files and a small cursor file: whatever happens to the process, they say what is left to do.
"""

import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path

from app.collector.segment import Slice
from app.collector.spool import Spool
from schemas.receipts import Range

log = logging.getLogger("heliograph.forwarder")

_FRESH_EVERY = 2
"""Every second slice is a fresh one while old ones wait, so that a long backlog does not hold up what is live."""


def range_of(part: Slice) -> Range:
    """Return the bytes a slice covers."""
    return Range(part.segment, part.start, part.end)


class Backlog:
    """Hands out slices, and takes them back when sending failed.

    `life` is the broker's cluster id under which everything before the cursor was acknowledged.
    """

    def __init__(self, spool: Spool, *, max_lines: int) -> None:
        self.resent_frames = self.damaged_bytes = 0
        self._spool, self._max_lines = spool, max_lines
        self._cursor_file: Path = spool.directory / "cursor.json"
        self.life, self._position = self._load_cursor()
        self._again: deque[Range] = deque()
        self._taken = 0
        self._sent_at = dict.fromkeys(spool.segments, time.monotonic())

    @property
    def has_old(self) -> bool:
        """Whether stretches wait to be sent again."""
        return bool(self._again)

    @property
    def awaited_bytes(self) -> int:
        """Bytes that are with the broker or the store: sent, not confirmed, and not waiting to be sent again.

        Falls to zero while nothing is sent (the launcher holds it and waits for that), though hits keep coming.
        """
        sent = sum(
            max(0, min(part.end, self._end_of_sent(part.segment)) - part.start) for part in self._spool.unconfirmed()
        )
        return max(0, sent - sum(part.end - part.start for part in self._again))

    # -- the cursor --------------------------------------------------------------------------------------

    def _load_cursor(self) -> tuple[str, tuple[int, int]]:
        try:
            saved = json.loads(self._cursor_file.read_text())
            return str(saved["life"]), (int(saved["segment"]), int(saved["offset"]))
        except (OSError, ValueError, KeyError, TypeError):
            return "", (0, 0)

    def save_cursor(self, in_flight: Iterable[Slice]) -> None:
        """Remember the first byte that Kafka has not acknowledged, and under which life of the broker."""
        waiting = [(part.segment, part.start) for part in in_flight]
        waiting += [(part.segment, part.start) for part in self._again]
        segment, offset = min([self._position, *waiting])
        temporary = self._cursor_file.with_suffix(".tmp")
        with contextlib.suppress(OSError):  # a full disk costs only frames sent twice
            temporary.write_text(json.dumps({"life": self.life, "segment": segment, "offset": offset}))
            temporary.replace(self._cursor_file)

    # -- taking ------------------------------------------------------------------------------------------

    def take(self) -> Slice | None:
        """Return the next slice to send, or None when there is nothing."""
        self._taken += 1
        if self._again and self._taken % _FRESH_EVERY:
            return self._take_old() or self._take_fresh()
        return self._take_fresh() or self._take_old()

    def _take_old(self) -> Slice | None:
        while self._again:
            wanted = self._again.popleft()
            part = self._spool.read(wanted, max_lines=self._max_lines)
            if part is None:
                continue
            if part.end < wanted.end:
                self._again.appendleft(Range(wanted.segment, part.end, wanted.end))
            if part.count:
                self.resent_frames += 1
                return part
            self._skip(part)
        return None

    def _take_fresh(self) -> Slice | None:
        while (wanted := self._next_fresh()) is not None:
            part = self._spool.read(wanted, max_lines=self._max_lines)
            if part is None:
                return None
            self._position = (part.segment, part.end)
            if part.count:
                return part
            self._skip(part)
        return None

    def _next_fresh(self) -> Range | None:
        """Return the bytes after the position, moving it to the next segment where one is finished."""
        number, offset = self._position
        current = self._spool.segments.get(number)
        if current is not None and offset < current.kept:
            return Range(number, offset, current.kept)
        if current is not None and current.kept < current.size:
            return None  # the rest is being synced; what comes later waits for it
        later = min((n for n in self._spool.segments if n > number), default=None)
        if later is None:
            return None
        self._position = (later, 0)
        return Range(later, 0, self._spool.segments[later].kept)

    def _skip(self, damage: Slice) -> None:
        self.damaged_bytes += damage.end - damage.start
        log.warning("skipped %d damaged bytes of segment %x", damage.end - damage.start, damage.segment)
        self._spool.confirm(range_of(damage))

    # -- giving back -------------------------------------------------------------------------------------

    def landed(self, part: Slice) -> None:
        """Kafka has acknowledged a slice; its receipt is awaited from now."""
        self._sent_at[part.segment] = time.monotonic()

    def put_back(self, parts: Iterable[Slice]) -> None:
        """Send these again."""
        self._again.extend(range_of(part) for part in parts)

    def start_life(self, life: str) -> None:
        """Queue every stretch without a receipt up to the position: this broker knows nothing of them."""
        self._again = deque(
            Range(part.segment, part.start, min(part.end, self._end_of_sent(part.segment)))
            for part in self._spool.unconfirmed()
            if part.start < self._end_of_sent(part.segment)
        )
        self.life = life
        log.info("broker %s: %d stretches are sent again", life, len(self._again))

    def _end_of_sent(self, segment: int) -> int:
        number, offset = self._position
        if segment == number:
            return offset
        return self._spool.segments[segment].size if segment < number else 0

    def requeue_without_receipt(self, *, patience_seconds: float) -> None:
        """Send again what was sent long ago and never got a receipt."""
        now = time.monotonic()
        for number, sent_at in list(self._sent_at.items()):
            found = self._spool.segments.get(number)
            if found is None:
                del self._sent_at[number]
            elif now - sent_at > patience_seconds and not found.is_open and found.unconfirmed():
                self._sent_at[number] = now
                self._again.extend(Range(number, *gap) for gap in found.stored.missing(0, found.size))
                log.warning("segment %x has no receipt after %g s; it is sent again", number, patience_seconds)
