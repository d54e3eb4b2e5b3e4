"""The HTTP application: routes, authentication, and the life of one statement."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

from app.embedded.clickhouse_server.authentication import Authenticator
from app.embedded.clickhouse_server.compression import MAX_BODY_BYTES
from app.embedded.clickhouse_server.engine import Engine
from app.embedded.clickhouse_server.errors import ClickHouseError, query_id_is_running, query_is_too_large
from app.embedded.clickhouse_server.execution import Execution
from app.embedded.clickhouse_server.lanes import Lane, Lanes
from app.embedded.clickhouse_server.requests import Request, read_query_string, read_request
from app.embedded.clickhouse_server.responses import (
    Encoder,
    ExceptionTag,
    Headers,
    Send,
    content_type,
    encode_headers,
    send_whole,
)
from app.embedded.clickhouse_server.statements import Statement, parse

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class ClickHouseApplication:
    """ClickHouse's HTTP interface as a raw ASGI application. Belongs to one event loop."""

    def __init__(self, engine: Engine, authenticator: Authenticator) -> None:
        self._engine, self._authenticator = engine, authenticator
        self._lanes = Lanes()
        self._running: set[str] = set()
        self._name = f"{socket.gethostname()} (embedded)"

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        if scope["path"] in ("/ping", "/replicas_status") or (scope["path"] == "/" and _is_greeting(scope)):
            await send_whole(
                send, HTTPStatus.OK, encode_headers([("content-type", "text/html; charset=UTF-8")]), b"Ok.\n"
            )
            return
        if scope["path"] != "/":
            await send_whole(send, HTTPStatus.NOT_FOUND, [], f"There is no handle {scope['path']}\n".encode())
            return
        try:
            request = await self._read(scope, receive)
        except ClickHouseError as error:
            await self._send_error(send, error, [])
            return
        await self._answer(request, receive, send)

    async def _read(self, scope: MutableMapping[str, Any], receive: Receive) -> Request:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        url = read_query_string(scope["query_string"])
        self._authenticator.check(url=url, headers=headers)
        body = await _read_body(receive)
        return read_request(method=scope["method"], url=url, headers=headers, body=body)

    async def _answer(self, request: Request, receive: Receive, send: Send) -> None:
        headers = encode_headers(
            [
                ("x-clickhouse-query-id", request.query_id),
                ("x-clickhouse-timezone", request.settings.get("session_timezone") or self._engine.timezone),
                ("x-clickhouse-server-display-name", self._name),
            ]
        )
        if request.query_id in self._running:
            await self._send_error(send, query_id_is_running(request.query_id), headers)
            return
        self._running.add(request.query_id)
        try:
            statement = parse(request.body)
            lane = self._lanes.of(is_control=statement.is_control)
            async with lane.place():
                await self._execute(request, statement, lane, headers, receive, send)
        except ClickHouseError as error:  # nothing was sent yet: later errors end inside the answer
            await self._send_error(send, error, headers)
        finally:
            self._running.discard(request.query_id)

    async def _execute(
        self, request: Request, statement: Statement, lane: Lane, headers: Headers, receive: Receive, send: Send
    ) -> None:
        execution, piece = await lane.run(_begin, self._engine, request, statement)
        try:
            encoder = Encoder(request.accept_encoding)
            if statement.kind == "question":
                headers = headers + encode_headers(
                    [
                        ("x-clickhouse-format", execution.output_format),
                        ("content-type", content_type(execution.output_format)),
                    ]
                )
            headers = [*headers, *encode_headers([("x-clickhouse-summary", execution.summary.header())])]
            if execution.is_finished:
                body, encoding = encoder.whole(piece)
                await send_whole(send, HTTPStatus.OK, headers + encoding, body)
            else:
                await self._stream(execution, piece, encoder, lane, headers, receive, send)
        finally:
            if not execution.is_closed:
                await asyncio.shield(lane.run(execution.close))

    async def _stream(
        self,
        execution: Execution,
        piece: bytes,
        encoder: Encoder,
        lane: Lane,
        headers: Headers,
        receive: Receive,
        send: Send,
    ) -> None:
        """Send the answer as it is read. When the client goes away, stop."""
        tag = ExceptionTag()
        lines = headers + encoder.begin() + encode_headers([("x-clickhouse-exception-tag", tag.value)])
        await send({"type": "http.response.start", "status": 200, "headers": lines})
        gone = asyncio.create_task(_wait_until_gone(receive))
        try:
            while not gone.done():
                is_last = execution.is_finished
                body = await lane.run(encoder.piece, piece, is_last=is_last)
                await send({"type": "http.response.body", "body": body, "more_body": not is_last})
                if is_last:
                    break
                try:
                    piece = await lane.run(execution.read)
                except ClickHouseError as error:
                    piece = tag.block(error, self._engine.version)
        finally:
            gone.cancel()

    async def _send_error(self, send: Send, error: ClickHouseError, headers: Headers) -> None:
        lines = headers + encode_headers(
            [
                ("x-clickhouse-exception-code", str(error.code)),
                ("content-type", "text/plain; charset=UTF-8"),
            ]
        )
        await send_whole(send, error.status, lines, error.body(self._engine.version))

    async def end_running(self) -> None:
        """Kill every statement under way and wait until its thread is free."""
        handle = self._engine.connect()
        try:
            await asyncio.to_thread(handle.query, "KILL QUERY WHERE query_id != queryID() ASYNC", "Null")
        finally:
            handle.close()

    @property
    def is_idle(self) -> bool:
        """Say whether no statement is under way."""
        return not self._running

    def close(self) -> None:
        """Wait for the threads."""
        self._lanes.close()


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


def _is_greeting(scope: MutableMapping[str, Any]) -> bool:
    return scope["method"] in ("GET", "HEAD") and b"query=" not in scope["query_string"]


async def _read_body(receive: Receive) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClickHouseError(210, "NETWORK_ERROR", "The client went away while it sent the body")
        piece = message.get("body", b"")
        size += len(piece)
        if size > MAX_BODY_BYTES:
            raise query_is_too_large(MAX_BODY_BYTES)
        pieces.append(piece)
        if not message.get("more_body", False):
            return b"".join(pieces)


async def _wait_until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
