"""Requests as raw bytes, so that a test decides what is on the wire."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

ANSWER_SECONDS = 20.0
GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


@dataclass(frozen=True)
class Answer:
    """One HTTP answer: status, headers (names in lower case) and body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_gif(self) -> bool:
        """Whether this is the pixel, as promised: 200, 43 bytes, not to be stored."""
        return (
            self.status == 200
            and self.body == GIF
            and self.headers["content-type"] == "image/gif"
            and "no-store" in self.headers["cache-control"]
        )


def request(path: str | bytes, *, method: str = "GET", headers: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    """Return a request as bytes; header values may be anything."""
    target = path if isinstance(path, bytes) else path.encode()
    lines = [method.encode() + b" " + target + b" HTTP/1.1", b"Host: localhost"]
    lines += [name.encode() + b": " + value for name, value in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


@contextlib.asynccontextmanager
async def connection(url: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a connection to the host and port of a URL."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**20)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def read_answer(reader: asyncio.StreamReader, *, has_body: bool = True) -> Answer:
    """Read one answer. `has_body` is False after a HEAD."""
    async with asyncio.timeout(ANSWER_SECONDS):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        length = int(headers.get("content-length", "0")) if has_body else 0
        return Answer(int(head[0].split()[1]), headers, await reader.readexactly(length))


async def ask(url: str, *requests: bytes, has_body: bool = True) -> list[Answer]:
    """Send all requests in one go on one connection, and return their answers in order."""
    async with connection(url) as (reader, writer):
        writer.write(b"".join(requests))
        return [await read_answer(reader, has_body=has_body) for _ in requests]


def path_of(pixel_url: str) -> str:
    """Return the path of a URL."""
    return urlsplit(pixel_url).path
