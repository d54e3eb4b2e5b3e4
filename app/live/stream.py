"""The response of `/api/stream`: writes what the hub queues for one client until either side ends it."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.errors import AppError, TooManyRequestsError
from app.live.client import Client
from app.live.hub import Hub
from app.live.messages import HEARTBEAT, RETRY, StreamId, encode
from app.live.topic import NAME, RETRY_SECONDS, Topic, TopicKey
from app.problems import problem_response

Put = Callable[[bytes], Awaitable[None]]
RESYNC = encode("resync", orjson.dumps({"topic": NAME}))


class LiveStream(Response):
    """Server-sent events of one topic.

    First a `snapshot`, unless `since` is given and nothing changed after it; then an `update` for each change. A
    client that was too slow gets `resync` and a fresh snapshot. While the state cannot be computed the client is told
    once by a `problem` event, and the snapshot follows as soon as it can. `door` is open as long as the stream may be;
    what it yields is set when the stream has to end.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        hub: Hub,
        key: TopicKey,
        *,
        since: StreamId | None,
        heartbeat_seconds: float,
        lifetime_seconds: float,
        door: AbstractContextManager[asyncio.Event] | None = None,
    ) -> None:
        # no-transform: a proxy that compresses would hold events back; x-accel-buffering says so to nginx
        super().__init__(headers={"cache-control": "no-store, no-transform", "x-accel-buffering": "no"})
        del self.headers["content-length"]
        self._hub = hub
        self._key = key
        self._door = door or nullcontext(asyncio.Event())
        self._since = since
        self._heartbeat_seconds = heartbeat_seconds
        self._lifetime_seconds = lifetime_seconds * random.uniform(0.9, 1.1)  # noqa: S311 - so that not all return at once

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the client is gone, the hub closes, its credential ends, or the lifetime is over.

        A person who has too many of them gets a problem instead.
        """
        try:
            with self._door as closed:
                await self._stream(closed, receive, send)
        except TooManyRequestsError as error:
            await problem_response(error, instance=scope["path"])(scope, receive, send)

    async def _stream(self, closed: asyncio.Event, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async with self._hub.subscribe(self._key) as (topic, client):
            writing = asyncio.create_task(self._write(topic, client, send))
            leaving = asyncio.create_task(_until_disconnected(receive))
            closing = asyncio.create_task(closed.wait())
            try:
                await asyncio.wait(
                    {writing, leaving, closing}, return_when=asyncio.FIRST_COMPLETED, timeout=self._lifetime_seconds
                )
            finally:
                client.end()  # should a driver swallow the cancellation, its loop ends all the same
                for task in (writing, leaving, closing):
                    task.cancel()
                ended = await asyncio.gather(writing, leaving, closing, return_exceptions=True)
        is_gone = leaving.done() and not leaving.cancelled()
        for result in ended:
            if isinstance(result, Exception) and not is_gone and not isinstance(result, OSError):
                raise result
        if not is_gone:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _write(self, topic: Topic, client: Client, send: Send) -> None:
        async def put(body: bytes) -> None:
            await send({"type": "http.response.body", "body": body, "more_body": True})

        await put(RETRY)
        await self._begin(topic, client, put)
        while not client.is_ended or client.has_more:
            messages = await client.wait(self._heartbeat_seconds)
            if messages is None:
                await put(HEARTBEAT)
            elif messages:
                await put(messages)
            if client.is_behind:
                await self._send_snapshot(topic, client, put, before=RESYNC)

    async def _begin(self, topic: Topic, client: Client, put: Put) -> None:
        if self._since is None or await self._hub.has_changed(self._key, self._since):
            await self._send_snapshot(topic, client, put)
            return
        try:
            await topic.warm()
        except AppError:
            topic.touch()  # its task tries again until it can

    async def _send_snapshot(self, topic: Topic, client: Client, put: Put, *, before: bytes = b"") -> None:
        """Queue a snapshot, however long it takes until it can be computed."""
        is_told = False
        while not client.is_ended:
            try:
                return await topic.send_snapshot(client, before=before)
            except AppError as error:
                if not is_told:
                    await put(encode("problem", orjson.dumps(error.problem(instance="/api/stream"))))
                    is_told = True
                await asyncio.sleep(RETRY_SECONDS)


async def _until_disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
