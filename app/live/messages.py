"""Server-sent events as bytes, and the ids that order them: those of Redis streams."""

import re
from typing import Final, NamedTuple

HEARTBEAT: Final = b": still here\n\n"
RETRY: Final = b"retry: 2000\n\n"
"""How long a browser waits before it comes back, in ms."""

_ID = re.compile(r"(\d{1,20})-(\d{1,20})")


class StreamId(NamedTuple):
    """An id of a Redis stream; ordered in time."""

    at_ms: int
    sequence: int

    def __str__(self) -> str:
        return f"{self.at_ms}-{self.sequence}"


START: Final = StreamId(0, 0)
"""Before every entry."""


def parse_id(text: str) -> StreamId | None:
    """Read an id as a client sent it back; None if it is not one of ours."""
    found = _ID.fullmatch(text)
    return StreamId(int(found[1]), int(found[2])) if found else None


def encode(event: str, data: bytes, *, event_id: StreamId | None = None) -> bytes:
    """Return one event; `data` must be JSON on one line."""
    head = f"event: {event}\n" + (f"id: {event_id}\n" if event_id is not None else "")
    return head.encode() + b"data: " + data + b"\n\n"
