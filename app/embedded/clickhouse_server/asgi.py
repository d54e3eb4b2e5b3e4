"""The HTTP application: routes, authentication, and which statements are under way."""

import asyncio
import socket
from collections.abc import MutableMapping
from functools import partial
from http import HTTPStatus
from typing import Any

from app.embedded.clickhouse_server.authentication import Authenticator
from app.embedded.clickhouse_server.compression import MAX_BODY_BYTES
from app.embedded.clickhouse_server.engine import Engine
from app.embedded.clickhouse_server.errors import ClickHouseError, query_id_is_running, query_is_too_large
from app.embedded.clickhouse_server.exchange import Exchange, Receive
from app.embedded.clickhouse_server.lanes import Lanes
from app.embedded.clickhouse_server.requests import Request, read_query_string, read_request
from app.embedded.clickhouse_server.responses import Send, encode_headers, send_error, send_whole

_SMALL_BODY_BYTES = 64 << 10


class ClickHouseApplication:
    """ClickHouse's HTTP interface as a raw ASGI application. Belongs to one event loop."""

    def __init__(self, engine: Engine, authenticator: Authenticator) -> None:
        self._engine, self._authenticator = engine, authenticator
        self._lanes = Lanes()
        self._running: set[str] = set()
        self._is_stopping = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._name = f"{socket.gethostname()} (embedded)"

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        if scope["path"] in ("/ping", "/replicas_status") or (scope["path"] == "/" and _is_greeting(scope)):
            await send_whole(
                send, HTTPStatus.OK, encode_headers([("content-type", "text/html; charset=UTF-8")]), b"Ok.\n"
            )
        elif scope["path"] != "/":
            await send_whole(send, HTTPStatus.NOT_FOUND, [], f"There is no handle {scope['path']}\n".encode())
        elif self._is_stopping:
            await send_whole(send, HTTPStatus.SERVICE_UNAVAILABLE, [], b"The embedded ClickHouse is stopping\n")
        else:
            try:
                request = await self._read(scope, receive)
            except ClickHouseError as error:
                await send_error(send, error, [], version=self._engine.version)
            else:
                # A client that goes away must not leave a handle behind in a thread: the answer goes on without it.
                await asyncio.shield(asyncio.ensure_future(self._answer(request, receive, send)))

    async def _read(self, scope: MutableMapping[str, Any], receive: Receive) -> Request:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        url = read_query_string(scope["query_string"])
        self._authenticator.check(url=url, headers=headers)
        body = await _read_body(receive)
        read = partial(read_request, method=scope["method"], url=url, headers=headers, body=body)
        # decoding megabytes would hold up every other answer
        return read() if len(body) < _SMALL_BODY_BYTES else await asyncio.to_thread(read)

    async def _answer(self, request: Request, receive: Receive, send: Send) -> None:
        headers = encode_headers(
            [
                ("x-clickhouse-query-id", request.query_id),
                ("x-clickhouse-timezone", request.settings.get("session_timezone") or self._engine.timezone),
                ("x-clickhouse-server-display-name", self._name),
            ]
        )
        if request.query_id in self._running:
            error = query_id_is_running(request.query_id)
            await send_error(send, error, headers, version=self._engine.version)
            return
        self._running.add(request.query_id)
        self._idle.clear()
        try:
            await Exchange(self._engine, self._lanes, request, receive=receive, send=send).answer(headers)
        finally:
            self._running.discard(request.query_id)
            if not self._running:
                self._idle.set()

    async def finish(self, seconds: float) -> bool:
        """Take no new statement and wait for those under way; say whether all ended in time."""
        self._is_stopping = True
        try:
            await asyncio.wait_for(self._idle.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def kill(self) -> None:
        """Tell every statement under way to end; it does so within a block or two."""
        handle = self._engine.connect()
        try:
            await asyncio.to_thread(handle.query, "KILL QUERY WHERE query_id != queryID() ASYNC", "Null")
        finally:
            handle.close()

    def close(self) -> None:
        """Wait for the threads."""
        self._lanes.close()


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
