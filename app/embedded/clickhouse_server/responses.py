"""Send answers over ASGI the way ClickHouse's server does."""

import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http import HTTPStatus
from typing import Any

from app.embedded.clickhouse_server.compression import WORTH_COMPRESSING_BYTES, Compressor, choose
from app.embedded.clickhouse_server.errors import ClickHouseError

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_CONTENT_TYPES = {
    "TabSeparated": "text/tab-separated-values; charset=UTF-8",
    "TSV": "text/tab-separated-values; charset=UTF-8",
    "CSV": "text/csv; charset=UTF-8; header=absent",
    "CSVWithNames": "text/csv; charset=UTF-8; header=present",
    "JSON": "application/json; charset=UTF-8",
    "JSONCompact": "application/json; charset=UTF-8",
    "JSONEachRow": "application/x-ndjson; charset=UTF-8",
    "Native": "application/octet-stream",
    "RowBinary": "application/octet-stream",
    "Parquet": "application/octet-stream",
}


def content_type(output_format: str) -> str:
    """Return the Content-Type of an output format."""
    return _CONTENT_TYPES.get(output_format, "text/plain; charset=UTF-8")


def encode_headers(headers: Iterable[tuple[str, str]]) -> Headers:
    """Return header lines as ASGI wants them; what cannot stand in a header is replaced."""
    return [
        (name.encode(), value.translate({10: " ", 13: " "}).encode("latin-1", "replace")) for name, value in headers
    ]


async def send_whole(send: Send, status: HTTPStatus, headers: Headers, body: bytes) -> None:
    """Send a complete answer."""
    lines = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": int(status), "headers": lines})
    await send({"type": "http.response.body", "body": body})


async def send_error(send: Send, error: ClickHouseError, headers: Headers, *, version: str) -> None:
    """Send an error as the whole answer, with its code in a header of its own."""
    lines = [("x-clickhouse-exception-code", str(error.code)), ("content-type", "text/plain; charset=UTF-8")]
    await send_whole(send, error.status, headers + encode_headers(lines), error.body(version))


class Encoder:
    """Chooses and applies the compression of one answer."""

    def __init__(self, accept_encoding: str) -> None:
        self._encoding = choose(accept_encoding)
        self._compressor: Compressor | None = None

    def whole(self, body: bytes) -> tuple[bytes, Headers]:
        """Compress a complete body, unless that is not worth it; return it with its headers."""
        if self._encoding is None or len(body) < WORTH_COMPRESSING_BYTES:
            return body, []
        return Compressor(self._encoding).last(body), [(b"content-encoding", self._encoding.encode())]

    def begin(self) -> Headers:
        """Begin a body of unknown length; return its headers."""
        if self._encoding is None:
            return []
        self._compressor = Compressor(self._encoding)
        return [(b"content-encoding", self._encoding.encode())]

    def piece(self, body: bytes, *, is_last: bool) -> bytes:
        """Compress the next piece of a body that was begun."""
        if self._compressor is None:
            return body
        return self._compressor.last(body) if is_last else self._compressor.piece(body)


class ExceptionTag:
    """Marks an error in the middle of an answer, whose status was sent long before.

    The text is the server's since 25.11: clients look for the tag they were told in X-ClickHouse-Exception-Tag.
    """

    def __init__(self) -> None:
        self.value = secrets.token_hex(8)

    def block(self, error: ClickHouseError, version: str) -> bytes:
        """Return the text that ends the answer."""
        message = error.body(version)
        return b"".join(
            (
                b"\r\n__exception__\r\n",
                self.value.encode(),
                b"\r\n",
                message,
                str(len(message)).encode(),
                b" ",
                self.value.encode(),
                b"\r\n__exception__\r\n",
            )
        )
