"""HTTP compression of bodies and answers: lz4, zstd, gzip, deflate."""

from typing import Any

import cramjam

from app.embedded.clickhouse_server.errors import ClickHouseError, query_is_too_large

# What one insert may hold in memory; far above the largest block we form (20,000 rows are about 10 MB).
MAX_BODY_BYTES = 1 << 30
# Smaller answers cost more to compress than to send over loopback.
WORTH_COMPRESSING_BYTES = 1024

# In the order we choose them. Lowest levels: loopback is faster than any of them.
_CODECS = {"lz4": cramjam.lz4, "zstd": cramjam.zstd, "gzip": cramjam.gzip, "deflate": cramjam.zlib}
_LEVEL = 1


def choose(accept_encoding: str) -> str | None:
    """Return the encoding of the answer, None for as it is."""
    offered = {item.split(";")[0].strip().lower() for item in accept_encoding.split(",")}
    return next((name for name in _CODECS if name in offered), None)


class Compressor:
    """Compresses one answer piece by piece; the pieces together are one valid stream."""

    def __init__(self, encoding: str) -> None:
        """Begin a stream of an encoding that `choose` returned."""
        self._stream: Any = _CODECS[encoding].Compressor(_LEVEL)

    def piece(self, data: bytes) -> bytes:
        """Return the stream up to the end of `data`."""
        self._stream.compress(data)
        return bytes(self._stream.flush())

    def last(self, data: bytes) -> bytes:
        """Return the rest of the stream."""
        self._stream.compress(data)
        return bytes(self._stream.finish())


def decompress(body: bytes, encoding: str) -> bytes:
    """Return the decoded body.

    Raises `ClickHouseError`: an unknown encoding, a broken or cut body, one above MAX_BODY_BYTES when decoded.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return body
    if name not in _CODECS:
        raise ClickHouseError(
            89, "UNKNOWN_COMPRESSION_METHOD", f"Unknown Content-Encoding {encoding!r}: use {', '.join(_CODECS)}"
        )
    try:
        decoded = bytes(_CODECS[name].decompress(body))
    except cramjam.DecompressionError as error:
        raise ClickHouseError(
            271, "CANNOT_DECOMPRESS", f"The body is not what Content-Encoding {encoding!r} says: {error}"
        ) from error
    if len(decoded) > MAX_BODY_BYTES:
        raise query_is_too_large(MAX_BODY_BYTES)
    return decoded
