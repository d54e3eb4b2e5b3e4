"""Poison: records that cannot be parsed are set apart with what was wrong, up to a ceiling.

The ceiling is what keeps a bad deployment from quietly routing everything away: above it the worker stops, and
nothing more is acknowledged.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from schemas.topics import MAX_VALUE_BYTES

_WINDOW_SECONDS = 60.0


class DeadLetterCeilingError(Exception):
    """Too many records cannot be parsed; the worker stops rather than discard them."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """Raw bytes that could not be parsed, where they came from, and why."""

    value: bytes
    stage: str
    reason: str
    topic: str
    partition: int
    offset: int

    def body(self) -> bytes:
        """Return the value of the record on `events.dead`: the raw bytes, cut where Kafka would refuse them.

        A stranger's record may be as large as its topic takes; with headers added it would be refused for ever.
        """
        return self.value[:MAX_VALUE_BYTES]

    def headers(self) -> dict[str, bytes]:
        """Return the Kafka headers of the record on `events.dead`; `size` is that of the raw bytes before any cut."""
        return {
            "size": str(len(self.value)).encode(),
            "stage": self.stage.encode(),
            "reason": self.reason.encode()[:1000],
            "topic": self.topic.encode(),
            "partition": str(self.partition).encode(),
            "offset": str(self.offset).encode(),
        }


class Ceiling:
    """Allows at most `limit` dead letters in any minute."""

    def __init__(self, limit: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._clock = limit, clock
        self._times: deque[float] = deque()

    def count(self, letter: DeadLetter) -> None:
        """Count one; raises `DeadLetterCeilingError` when it is one too many."""
        now = self._clock()
        self._times.append(now)
        while self._times[0] < now - _WINDOW_SECONDS:
            self._times.popleft()
        if len(self._times) > self._limit:
            raise DeadLetterCeilingError(
                f"more than {self._limit} records in a minute cannot be parsed (last: {letter.topic}"
                f"[{letter.partition}]@{letter.offset}, {letter.reason}). Nothing was acknowledged since. If the "
                "producer is newer than this worker, upgrade the worker; if the records are to be discarded, raise "
                "DEAD_LETTERS_CEILING and start again."
            )
