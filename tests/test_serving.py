"""Connections that say nothing, or stop in the middle, are ended: at the API and at the collector alike."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, Request
from granian.constants import Interfaces
from starlette.responses import PlainTextResponse, StreamingResponse

from app import problems
from app.embedded.ports import find_free
from app.serving import make_server
from app.settings import Settings
from app.slow_bodies import BodyDeadline
from tests.collector.test_server import TOKEN, Running

QUICK = 1.0
"""Seconds after which a silent connection is ended here; no test depends on how much later that is seen."""


@contextlib.asynccontextmanager
async def served(app: Any, interface: Interfaces = Interfaces.ASGINL) -> AsyncIterator[int]:
    [port] = find_free(1)
    server = make_server(app, host="127.0.0.1", port=port, max_connections=100, head_seconds=QUICK, interface=interface)
    task = asyncio.create_task(server.serve())
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            break
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.stop()  # type: ignore[no-untyped-call]
        await task


async def until_closed(port: int, *sent: bytes) -> bytes:
    """Send, then say nothing; return what came until the other side closed the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in sent:
        writer.write(piece)
    try:
        async with asyncio.timeout(60):
            return await reader.read(-1)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


app = FastAPI()
problems.install(app)


@app.api_route("/", methods=["GET", "POST"])
async def length_of_body(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"length {len(await request.body())}")


@app.get("/events")
async def events() -> StreamingResponse:
    """Answer for longer than a silence may last."""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield b":\n\n"
            await asyncio.sleep(QUICK / 2)
        yield b"the end"

    return StreamingResponse(pieces())


HEAD = b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n"
PIXEL = f"GET /api/t/u/{TOKEN}.gif HTTP/1.1\r\nHost: x\r\n".encode()


@pytest.mark.parametrize(
    "sent",
    [b"", b"G", b"GET / HTTP/1.1\r\nHo", b"PRI * HT", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ids=["no byte", "one byte", "half a head", "half a preface of HTTP/2", "HTTP/2 without a request"],
)
async def test_a_connection_without_a_whole_head_is_closed(sent: bytes) -> None:
    async with served(app) as port:
        assert b"200 OK" not in await until_closed(port, sent)


async def test_a_connection_that_is_kept_open_is_closed_when_it_is_idle_and_when_its_next_head_stops() -> None:
    whole = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
    async with served(app) as port:
        idle, half = await asyncio.gather(until_closed(port, whole), until_closed(port, whole, b"GET / HT"))
    assert idle.endswith(b"length 2")
    assert half.count(b"200 OK") == 1


async def test_an_answer_that_takes_longer_than_a_silence_may_last_is_sent_whole() -> None:
    async with served(app) as port:
        answer = await until_closed(port, HEAD)
    assert answer.count(b":\n\n") == 4
    assert b"the end" in answer


@pytest.mark.parametrize(
    "rest",
    [b"", b"Ho", b"Content-Length: 100\r\n\r\nabc", b"Transfer-Encoding: chunked\r\n\r\n5\r\nab"],
    ids=["half a head", "half a header", "half a body", "half a chunk"],
)
async def test_the_collector_ends_connections_that_stop_in_the_middle(tmp_path: Path, rest: bytes) -> None:
    collector = Running(tmp_path)
    async with served(collector.app) as port:
        answer = await until_closed(port, PIXEL, rest)
    await collector.close()
    is_whole = b"\r\n\r\n" in rest  # the pixel needs no body: it is answered, and the connection closed
    assert (b"image/gif" in answer) == is_whole
    assert collector.resources.counters.recorded == is_whole


# -- bodies ----------------------------------------------------------------------------------------------------


class Sender:
    """Sends a body in pieces, each after so many seconds of a clock of its own."""

    def __init__(self, *pieces: tuple[float, bytes], ends: bool = True) -> None:
        self.now = 0.0
        self._pieces, self._ends = list(pieces), ends

    def clock(self) -> float:
        return self.now

    async def receive_within(self, seconds: float, receive: Callable[[], Any]) -> Any:
        """Stand in for the wait: raise `TimeoutError` if the next piece comes later."""
        pause = self._pieces[0][0] if self._pieces else float("inf")
        if pause > seconds:
            self.now += seconds
            raise TimeoutError
        self.now += pause
        return await receive()

    async def receive(self) -> dict[str, Any]:
        _, body = self._pieces.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(self._pieces) or not self._ends}


async def status_of(sender: Sender, *, silence_seconds: float = 30) -> int:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    guarded = BodyDeadline(
        app,
        silence_seconds=silence_seconds,
        clock=sender.clock,
        wait=sender.receive_within,
    )
    scope = {"type": "http", "path": "/", "method": "POST", "headers": [], "query_string": b"", "root_path": ""}
    await guarded(scope, sender.receive, send)
    status: int = sent[0]["status"]
    return status


async def test_a_body_that_comes_is_read_however_long_it_takes() -> None:
    assert await status_of(Sender(*[(5.0, b"x" * 5000)] * 200)) == 200


async def test_a_body_that_stops_is_answered_408() -> None:
    assert await status_of(Sender((1.0, b"x" * 1_000_000), ends=False)) == 408


async def test_a_body_that_trickles_is_answered_408_long_before_its_end() -> None:
    sender = Sender(*[(20.0, b"x")] * 10_000)
    assert await status_of(sender) == 408
    assert sender.now < 60


async def test_half_a_body_is_answered_408_and_its_connection_closed() -> None:
    guarded = BodyDeadline(app, silence_seconds=QUICK)
    async with served(guarded) as port:
        answer = await until_closed(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
    assert b" 408 " in answer.splitlines()[0]
    assert b"request_timeout" in answer


async def test_half_a_body_of_an_answer_that_has_begun_ends_it_as_if_the_client_were_gone() -> None:
    messages: list[Any] = []

    async def answers_first(_scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        messages.append(await receive())
        messages.append(await receive())

    async def send(_message: Any) -> None:
        pass

    sender = Sender((0.0, b"x"), ends=False)
    guarded = BodyDeadline(answers_first, silence_seconds=30, clock=sender.clock, wait=sender.receive_within)
    await guarded({"type": "http", "path": "/"}, sender.receive, send)
    assert messages[1]["type"] == "http.disconnect"


async def test_whoever_waits_for_the_client_to_leave_waits_without_a_limit() -> None:
    """Live streams do: their body is over, and what they wait for is its sender."""
    asked: list[str] = []

    async def waits(_scope: Any, receive: Any, _send: Any) -> None:
        await receive()
        asked.append((await receive())["type"])

    messages = iter([{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(messages)

    async def within(_seconds: float, receive: Callable[[], Any]) -> Any:
        asked.append("with a limit")
        return await receive()

    async def send(_message: Any) -> None:
        pass

    guarded = BodyDeadline(waits, silence_seconds=30, wait=within)
    await guarded({"type": "http", "path": "/"}, receive, send)
    assert asked == ["with a limit", "http.disconnect"]


def test_the_limits_are_settings() -> None:
    settings = Settings()
    assert 10 <= settings.connection_idle_seconds < 150
    assert 10 <= settings.body_silence_seconds < 150
