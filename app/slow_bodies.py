"""Bodies that stop or trickle: each would hold a connection, and whoever waits for it, as long as its sender likes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MIN_BYTES_PER_SECOND = 500
"""Slower than any line that people still use, a tenth of an analogue modem."""

Wait = Callable[[float, Receive], Awaitable[Message]]


async def _within(seconds: float, receive: Receive) -> Message:
    """Receive; raises `TimeoutError` when nothing comes for so long."""
    async with asyncio.timeout(seconds):
        return await receive()


class BodyDeadline:
    """Answers 408 to a body of which nothing comes for `silence_seconds`, or less than 500 bytes a second.

    The second is reckoned as of a first allowance of `silence_seconds`, and only from time spent waiting: a body that
    we are slow to read is not its sender's fault. Who waits for the client to leave, after the body, has no limit.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        silence_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        wait: Wait = _within,
    ) -> None:
        self._app, self._silence_seconds, self._clock, self._wait = app, silence_seconds, clock, wait
        self._detail = (
            f"The body stopped for {silence_seconds:g} s, or came with less than {MIN_BYTES_PER_SECOND} bytes/s; "
            "nothing was done with it. Send it again."
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, watching the body as it is read."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        is_whole = has_begun = False
        left = self._silence_seconds

        async def receive_in_time() -> Message:
            nonlocal is_whole, left
            if is_whole:
                return await receive()
            began = self._clock()
            try:
                message = await self._wait(max(0.0, min(self._silence_seconds, left)), receive)
            except TimeoutError as error:
                if has_begun:  # too late for a status; the server closes a connection whose body is not read to its end
                    return {"type": "http.disconnect"}
                # the framework turns everything else that is raised while it reads a body into a 400
                raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, self._detail) from error
            left += len(message.get("body", b"")) / MIN_BYTES_PER_SECOND - (self._clock() - began)
            is_whole = not message.get("more_body", False)
            return message

        async def send_noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = has_begun or message["type"] == "http.response.start"
            await send(message)

        await self._app(scope, receive_in_time, send_noting)
