"""The record format of a spool segment: one record per group commit, each checked by its own CRC.

Layout, big-endian: `magic "SR" | count u16 | length u32 | crc32 u32 | payload`. The payload is newline-delimited
JSON, `count` lines; the CRC (IEEE, started from the count) covers both. A record that was cut or damaged is skipped
by searching for the next one that checks.
"""

import os
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

MAGIC = b"SR"
HEAD = struct.Struct(">2sHII")
MAX_LINES = 500
MAX_PAYLOAD = 4 * 2**20
STRIPE = 256 * 1024
"""A frame never crosses a stripe, so that a hit sent again goes to the same partition (ADR 0002)."""

_READ_AHEAD = 192 * 1024


def pack(lines: Sequence[bytes]) -> bytes:
    """Return the records for these lines (each ended by a newline), at most `MAX_LINES` in a record."""
    parts = []
    for first in range(0, len(lines), MAX_LINES):
        chunk = lines[first : first + MAX_LINES]
        payload = b"".join(chunk)
        parts.append(HEAD.pack(MAGIC, len(chunk), len(payload), _checksum(len(chunk), payload)))
        parts.append(payload)
    return b"".join(parts)


def _checksum(lines: int, payload: bytes) -> int:
    return zlib.crc32(payload, lines)


@dataclass(frozen=True, slots=True)
class Slice:
    """Consecutive records of one segment: bytes `start` to `end`, `count` lines in `payload`.

    `count == 0` is a stretch of damage: nothing to send, and nothing to wait for.
    """

    segment: int
    start: int
    end: int
    count: int
    payload: bytes

    @property
    def stripe(self) -> int:
        """Number of the stripe this slice starts, and therefore stays, in."""
        return self.start // STRIPE


def read_slice(fd: int, segment: int, start: int, end: int, *, max_lines: int = MAX_LINES) -> Slice | None:
    """Read the records that begin in [start, end) and in the stripe of `start`, up to `max_lines` lines.

    `start` must be a record's beginning. Returns `None` when there is nothing to read.
    """
    if start >= end:
        return None
    buffer = os.pread(fd, min(_READ_AHEAD, end - start), start)
    stripe_end = (start // STRIPE + 1) * STRIPE - start
    payloads: list[bytes] = []
    count = at = 0
    while at < stripe_end and start + at < end:
        record = _record(fd, buffer, start, at, end)
        if record is None:
            break
        lines, payload = record
        if count and count + lines > max_lines:
            break
        payloads.append(payload)
        count += lines
        at += HEAD.size + len(payload)
    if count:
        return Slice(segment, start, start + at, count, b"".join(payloads))
    return Slice(segment, start, _next_record(fd, start + 1, end), 0, b"")


def _record(fd: int, buffer: bytes, base: int, at: int, end: int) -> tuple[int, bytes] | None:
    """Return (lines, payload) of the record at `base + at`, or None if no whole, undamaged record is there."""
    head = buffer[at : at + HEAD.size]
    if len(head) < HEAD.size:
        head = os.pread(fd, HEAD.size, base + at)
        if len(head) < HEAD.size:
            return None
    magic, lines, length, crc = HEAD.unpack(head)
    body = at + HEAD.size
    if magic != MAGIC or not 0 < length <= MAX_PAYLOAD or base + body + length > end:
        return None
    payload = buffer[body : body + length]
    if len(payload) < length:
        payload = os.pread(fd, length, base + body)
    if len(payload) != length or _checksum(lines, payload) != crc:
        return None
    return lines, payload


def _next_record(fd: int, start: int, end: int) -> int:
    """Return where the next undamaged record begins, or `end`."""
    data = os.pread(fd, end - start, start)
    at = data.find(MAGIC)
    while at >= 0:
        if _record(fd, data, start, at, end) is not None:
            return start + at
        at = data.find(MAGIC, at + 1)
    return end
