"""A load of numbered pixel requests: each sent once, each known afterwards as answered or not.

The number travels in the user agent, so that the log can be compared with what was answered, request by request.
"""

import asyncio
import contextlib
import itertools
import secrets
from collections.abc import AsyncIterator
from types import TracebackType
from urllib.parse import urlsplit

_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) {mark}{number} Safari/537.36"
ANSWER_SECONDS = 5.0
_GIF_BYTES = 43


class Load:
    """Requests at a steady rate over a few connections, from `async with` until its end.

    `answered` holds the user agents of requests whose whole GIF arrived; `unanswered` those where the connection ended
    before: these may or may not be in the log, once. `mark` is in every user agent of this load and of no other.
    """

    def __init__(self, pixel_url: str, *, per_second: float, connections: int = 8) -> None:
        parts = urlsplit(pixel_url)
        self._host, self._port, self._path = parts.hostname or "127.0.0.1", parts.port or 80, parts.path
        self.mark = f"Chrome/{100 + secrets.randbelow(50)}.0.{secrets.randbelow(100_000)}."
        self._numbers = itertools.count()
        self._pause = connections / per_second
        self._connections = connections
        self._tasks: list[asyncio.Task[None]] = []
        self._is_over = False
        self.answered: set[str] = set()
        self.unanswered: set[str] = set()

    def __len__(self) -> int:
        return len(self.answered) + len(self.unanswered)

    async def __aenter__(self) -> "Load":
        for number in range(self._connections):
            self._tasks.append(asyncio.create_task(self._keep_asking(self._pause * number / self._connections)))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let what is under way end, then stop: nothing is left between answered and unanswered."""
        self._is_over = True
        await asyncio.gather(*self._tasks)

    async def more(self, count: int) -> None:
        """Wait until `count` further requests were answered."""
        wanted = len(self.answered) + count
        while len(self.answered) < wanted:
            await asyncio.sleep(0.02)

    async def _keep_asking(self, first_pause: float) -> None:
        await asyncio.sleep(first_pause)
        while not self._is_over:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                async with _connection(self._host, self._port) as (reader, writer):
                    while not self._is_over:
                        await self._ask(reader, writer)
                        await asyncio.sleep(self._pause)
            await asyncio.sleep(0.02)

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        agent = _AGENT.format(mark=self.mark, number=next(self._numbers))
        self.unanswered.add(agent)
        writer.write(f"GET {self._path} HTTP/1.1\r\nHost: {self._host}\r\nUser-Agent: {agent}\r\n\r\n".encode())
        async with asyncio.timeout(ANSWER_SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(_GIF_BYTES)
        assert head.startswith(b"HTTP/1.1 200 "), head
        assert body.startswith(b"GIF89a"), body
        self.unanswered.discard(agent)
        self.answered.add(agent)


@contextlib.asynccontextmanager
async def _connection(host: str, port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), ANSWER_SECONDS)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
