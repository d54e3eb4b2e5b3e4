"""HTTP compression of bodies and answers: lz4, zstd, gzip, deflate."""

import zlib
from collections.abc import Callable
from typing import Protocol

import lz4.frame
import zstandard

from app.embedded.clickhouse_server.errors import ClickHouseError, query_is_too_large

# What one insert may hold in memory; far above the largest block we form (20,000 rows are about 10 MB).
MAX_BODY_BYTES = 1 << 30
# Smaller answers cost more to compress than to send over loopback.
WORTH_COMPRESSING_BYTES = 1024
_GZIP, _ZLIB = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS


class Compressor(Protocol):
    """Compress one answer piece by piece; the pieces together are one valid stream."""

    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


class _Lz4:
    """lz4's frame writer wants a beginning that the others do without."""

    def __init__(self) -> None:
        self._frame = lz4.frame.LZ4FrameCompressor()
        self._head: bytes = self._frame.begin()

    def compress(self, data: bytes, /) -> bytes:
        """Return the next piece of the frame, the first with the frame's head."""
        head, self._head = self._head, b""
        return head + bytes(self._frame.compress(data))

    def flush(self) -> bytes:
        """Return the end of the frame."""
        head, self._head = self._head, b""
        return head + bytes(self._frame.flush())


# In the order in which the server prefers them. Level 1: loopback is faster than any of them.
_COMPRESSORS: dict[str, Callable[[], Compressor]] = {
    "gzip": lambda: zlib.compressobj(1, zlib.DEFLATED, _GZIP),
    "deflate": lambda: zlib.compressobj(1, zlib.DEFLATED, _ZLIB),
    "lz4": _Lz4,
    "zstd": lambda: zstandard.ZstdCompressor(level=1).compressobj(),
}
_BEST_FIRST = ("lz4", "zstd", "gzip", "deflate")


def choose(accept_encoding: str) -> str | None:
    """Return the encoding of the answer, None for as it is."""
    offered = {item.split(";")[0].strip().lower() for item in accept_encoding.split(",")}
    return next((name for name in _BEST_FIRST if name in offered), None)


def compressor(encoding: str) -> Compressor:
    """Return a new compressor of an encoding that `choose` returned."""
    return _COMPRESSORS[encoding]()


def decompress(body: bytes, encoding: str) -> bytes:
    """Return the decoded body.

    Raises `ClickHouseError`: an unknown encoding, a broken body, one above MAX_BODY_BYTES when decoded.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return body
    try:
        if name == "lz4":
            decoder = lz4.frame.LZ4FrameDecompressor()
            decoded = bytes(decoder.decompress(body, max_length=MAX_BODY_BYTES + 1))
        elif name == "zstd":
            with zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True) as reader:
                decoded = reader.read(MAX_BODY_BYTES + 1)
        elif name in ("gzip", "deflate"):
            window = _GZIP if name == "gzip" else _ZLIB
            decoded = zlib.decompressobj(window).decompress(body, MAX_BODY_BYTES + 1)
        else:
            raise ClickHouseError(
                89,
                "UNKNOWN_COMPRESSION_METHOD",
                f"Unknown Content-Encoding {encoding!r}: use lz4, zstd, gzip or deflate",
            )
    except (RuntimeError, zstandard.ZstdError, zlib.error, EOFError) as error:
        raise ClickHouseError(
            271, "CANNOT_DECOMPRESS", f"The body is not what Content-Encoding {encoding!r} says: {error}"
        ) from error
    if len(decoded) > MAX_BODY_BYTES:
        raise query_is_too_large(MAX_BODY_BYTES)
    return decoded
