"""One statement from its request to the end of its answer."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from app.embedded.clickhouse_server.engine import Engine
from app.embedded.clickhouse_server.errors import ClickHouseError
from app.embedded.clickhouse_server.execution import Execution
from app.embedded.clickhouse_server.lanes import Lane, Lanes
from app.embedded.clickhouse_server.requests import Request
from app.embedded.clickhouse_server.responses import (
    Encoder,
    ExceptionTag,
    Headers,
    Send,
    content_type,
    encode_headers,
    send_error,
    send_whole,
)
from app.embedded.clickhouse_server.statements import Statement, parse

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class Exchange:
    """Runs the request's statement on a lane and sends what comes of it."""

    def __init__(self, engine: Engine, lanes: Lanes, request: Request, *, receive: Receive, send: Send) -> None:
        self._engine, self._lanes, self._request = engine, lanes, request
        self._receive, self._send = receive, send

    async def answer(self, headers: Headers) -> None:
        """Send the whole answer, or the error. An error after the first megabyte ends inside the answer."""
        try:
            statement = parse(self._request.body)
            lane = self._lanes.of(is_control=statement.is_control)
            async with lane.place():
                execution, piece = await lane.run(_begin, self._engine, self._request, statement)
                try:
                    await self._send_answer(execution, piece, lane, headers + _headers(statement, execution))
                finally:
                    if not execution.is_closed:
                        await lane.run(execution.close)
        except ClickHouseError as error:
            await send_error(self._send, error, headers, version=self._engine.version)

    async def _send_answer(self, execution: Execution, piece: bytes, lane: Lane, headers: Headers) -> None:
        encoder = Encoder(self._request.accept_encoding)
        if execution.is_finished:
            body, encoding = await lane.run(encoder.whole, piece) if len(piece) > 64 << 10 else encoder.whole(piece)
            await send_whole(self._send, HTTPStatus.OK, headers + encoding, body)
            return
        tag = ExceptionTag()
        lines = headers + encoder.begin() + encode_headers([("x-clickhouse-exception-tag", tag.value)])
        await self._send({"type": "http.response.start", "status": 200, "headers": lines})
        gone = asyncio.ensure_future(_wait_until_gone(self._receive))
        try:
            while not gone.done():
                is_last = execution.is_finished
                body = await lane.run(encoder.piece, piece, is_last=is_last)
                await self._send({"type": "http.response.body", "body": body, "more_body": not is_last})
                if is_last:
                    return
                try:
                    piece = await lane.run(execution.read)
                except ClickHouseError as error:
                    piece = tag.block(error, self._engine.version)
        finally:
            gone.cancel()


def _begin(engine: Engine, request: Request, statement: Statement) -> tuple[Execution, bytes]:
    """Start the statement and read the first piece, closing at once what is complete: one trip to a thread."""
    execution = Execution.start(engine, request, statement)
    try:
        piece = execution.read()
    except BaseException:
        execution.close()
        raise
    if execution.is_finished:
        execution.close()
    return execution, piece


def _headers(statement: Statement, execution: Execution) -> Headers:
    """The format tells clients that an answer is rows, even if there are none: a command or insert has none."""
    lines = [("x-clickhouse-summary", execution.summary.header())]
    if statement.kind == "question":
        lines.append(("x-clickhouse-format", execution.output_format))
        lines.append(("content-type", content_type(execution.output_format)))
    return encode_headers(lines)


async def _wait_until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
