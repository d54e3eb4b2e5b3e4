"""The frame: one Kafka record that carries many events of one origin.

Faust's cost is per record, not per event (7,000 records/s), so volume travels in frames of up to `MAX_EVENTS`.

Layout, big-endian: `magic "HG" | version u8 | source length u8 | count u32 | crc32 u32 | segment u64 | start u64 |
end u64 | source (UTF-8) | payload`. The payload is newline-delimited JSON, one event a line, each line ended by a
newline; the CRC (IEEE, as in zlib) covers source length, count, and everything after itself. `source`, `segment`,
`start` and `end` say which bytes of which spool the events come from: what `store` puts on the receipt.
"""

import struct
import zlib
from dataclasses import dataclass

MAGIC = b"HG"
VERSION = 1
MAX_EVENTS = 500
MAX_SOURCE_BYTES = 255
"""Longest name of a source in UTF-8: its length stands in one byte."""
OURSELVES = ""
"""The source of frames that the stream makes itself: their events stand in no spool, so nobody waits for a receipt."""
_HEAD = struct.Struct(">2sBBII")
_ORIGIN = struct.Struct(">QQQ")
_CHECKED_HEAD = struct.Struct(">BI")
_CRC_FROM = _HEAD.size


class FrameError(ValueError):
    """The bytes are not a frame this version can read; `code` is one of the class constants."""

    TRUNCATED = "frame_truncated"
    NOT_A_FRAME = "frame_bad_magic"
    UNKNOWN_VERSION = "frame_unknown_version"
    DAMAGED = "frame_checksum_mismatch"
    WRONG_COUNT = "frame_wrong_count"

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a frame's events stand in a spool: bytes `start` to `end` of `segment` of `source`."""

    source: str
    segment: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A decoded frame: where it came from, how many events, and their JSON lines."""

    origin: Origin
    count: int
    payload: bytes


def encode(origin: Origin, count: int, payload: bytes) -> bytes:
    """Build a frame. `payload` must hold exactly `count` lines, each ended by a newline."""
    source = origin.source.encode()
    rest = _ORIGIN.pack(origin.segment, origin.start, origin.end) + source + payload
    return _HEAD.pack(MAGIC, VERSION, len(source), count, _checksum(len(source), count, rest)) + rest


def _checksum(source_length: int, count: int, rest: bytes | memoryview) -> int:
    return zlib.crc32(rest, zlib.crc32(_CHECKED_HEAD.pack(source_length, count)))


def decode(data: bytes) -> Frame:
    """Read a frame.

    Raises `FrameError` with a code that says what is wrong: truncated, bad magic, unknown version, checksum, count.
    """
    if len(data) < _HEAD.size + _ORIGIN.size:
        raise FrameError(FrameError.TRUNCATED, f"{len(data)} bytes are too short for a frame")
    magic, version, source_length, count, crc = _HEAD.unpack_from(data)
    if magic != MAGIC:
        raise FrameError(FrameError.NOT_A_FRAME, f"starts with {magic!r}, not {MAGIC!r}")
    if version != VERSION:
        raise FrameError(
            FrameError.UNKNOWN_VERSION, f"version {version}; this worker reads version {VERSION}: upgrade it"
        )
    if _checksum(source_length, count, memoryview(data)[_CRC_FROM:]) != crc:
        raise FrameError(FrameError.DAMAGED, f"checksum of {len(data)} bytes does not match")
    segment, start, end = _ORIGIN.unpack_from(data, _HEAD.size)
    body = _HEAD.size + _ORIGIN.size
    source = data[body : body + source_length].decode()
    payload = data[body + source_length :]
    if payload.count(b"\n") != count or (payload and not payload.endswith(b"\n")):
        raise FrameError(FrameError.WRONG_COUNT, f"holds {payload.count(10)} lines, says {count}")
    return Frame(Origin(source, segment, start, end), count, payload)
