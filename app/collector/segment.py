"""The record format of a spool segment: the lines of one group commit in a few records, each checked by its own CRC.

Layout, big-endian: `magic "SR" | count u16 | length u32 | crc32 u32 | payload`. The payload is newline-delimited
JSON, `count` lines; the CRC (IEEE, started from the count) covers both. A record that was cut or damaged is skipped
by searching for the next one that checks.
"""

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas import topics

MAGIC = b"SR"
HEAD = struct.Struct(">2sHII")
MAX_LINES = 500
MAX_RECORD = 256 * 1024
"""Bytes of lines in one record. A line that is larger has a record of its own."""
MAX_LINE = topics.MAX_VALUE_BYTES
"""Largest line in bytes, its newline included: a frame of its own has to carry it."""
MAX_FRAME = 512 * 1024
"""Bytes of lines that are handed out as one slice; more only if a single record is larger."""
MAX_PAYLOAD = 4 * 2**20
"""Largest record that is read: never less than what is written, also by earlier versions. Bounds the search for the
next record behind damage."""
STRIPE = 256 * 1024
"""A frame never crosses a stripe, so that a hit sent again goes to the same partition (ADR 0002)."""

_READ_AHEAD = 192 * 1024


class LineTooLargeError(ValueError):
    """A line is larger than `MAX_LINE`: no frame could carry it."""

    def __init__(self, size: int) -> None:
        super().__init__(f"a line of {size:,} bytes is refused: the spool takes lines of at most {MAX_LINE:,} bytes")


def pack(lines: Sequence[bytes]) -> bytes:
    """Return the records for these lines (each ended by a newline), in order.

    A record has at most `MAX_LINES` lines and `MAX_RECORD` bytes of them, or one line. Raises `LineTooLargeError`.
    """
    payload = b"".join(lines)
    if len(payload) <= MAX_RECORD and 0 < len(lines) <= MAX_LINES:
        return _record_of(len(lines), payload)
    return b"".join(_record_of(len(chunk), b"".join(chunk)) for chunk in _chunks(lines))


def _chunks(lines: Sequence[bytes]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    size = 0
    for line in lines:
        if len(line) > MAX_LINE:
            raise LineTooLargeError(len(line))
        if chunk and (len(chunk) == MAX_LINES or size + len(line) > MAX_RECORD):
            yield chunk
            chunk, size = [], 0
        chunk.append(line)
        size += len(line)
    if chunk:
        yield chunk


def _record_of(count: int, payload: bytes) -> bytes:
    return HEAD.pack(MAGIC, count, len(payload), _checksum(count, payload)) + payload


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
    """Read the records that begin in [start, end) and in the stripe of `start`.

    As many as have up to `max_lines` lines and `MAX_FRAME` bytes, and at least one, whatever it has.
    `start` must be a record's beginning. Returns `None` when there is nothing to read.
    """
    if start >= end:
        return None
    buffer = os.pread(fd, min(_READ_AHEAD, end - start), start)
    stripe_end = (start // STRIPE + 1) * STRIPE - start
    payloads: list[bytes] = []
    count = at = size = 0
    while at < stripe_end and start + at < end:
        record = _record(fd, buffer, start, at, end)
        if record is None:
            break
        lines, payload = record
        if count and (count + lines > max_lines or size + len(payload) > MAX_FRAME):
            break
        payloads.append(payload)
        count += lines
        size += len(payload)
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
