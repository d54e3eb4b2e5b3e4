"""What surrounds every request: security headers, a limit on bodies, HEAD, and the count of what was answered."""

import time
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fastapi import HTTPException
from prometheus_client import CollectorRegistry
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.identity.access import ANSWER_HEADERS
from app.metrics import histogram
from app.problems import TooLargeError, problem_response
from app.settings import Settings


def security_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    """Return the headers every answer carries.

    Everything comes from ourselves but the pixel, which the signature preview shows from the collector. Inline styles
    are allowed, because a mail signature has nothing else; scripts are not.
    """
    collector = urlsplit(settings.collector_public_url)
    policy = "; ".join(
        (
            "default-src 'self'",
            f"img-src 'self' data: {collector.scheme}://{collector.netloc}",
            "style-src 'self' 'unsafe-inline'",
            "script-src 'self'",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    ]


class SecurityHeaders:
    """Adds the security headers, and `no-store` to whatever under /api/ says nothing about caching."""

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._headers = security_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, adding headers to the start of the response."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        is_api = scope["path"].startswith("/api/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", ()), *self._headers, *scope.get(ANSWER_HEADERS, ())]
                if is_api and not any(name.lower() == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
                message = {**message, "headers": headers}
            await send(message)

        return await self._app(scope, receive, send_with_headers)


class BodyLimit:
    """Answers 413 to a body above the limit, by its announced length, or once too much of it has come.

    `larger` names the paths whose bodies may be larger, because they are read as they come and never kept whole.
    """

    def __init__(self, app: ASGIApp, *, limit_bytes: int, larger: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._limit = limit_bytes
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, counting the body as it is read."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        limit = self._larger.get(scope["path"], self._limit)
        detail = f"The body is larger than {limit:,} bytes, the most this API reads."
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if announced.isdigit() and int(announced[:20]) > limit:  # more digits than Python reads are too many, too
            return await problem_response(TooLargeError(detail), instance=scope["path"])(scope, receive, send)
        seen = 0

        async def receive_counting() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                # the framework turns everything else that is raised while it reads a body into a 400
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
            return message

        return await self._app(scope, receive_counting, send)


class HeadAsGet:
    """Answers HEAD wherever GET is answered: with the same status and headers, and no body (RFC 9110, 9.3.2).

    What streams is stopped at its first piece.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on as GET; `scope` itself is changed, because what stands outside reads the route from it."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            return await self._app(scope, receive, send)
        is_whole = False

        async def send_head(message: Message) -> None:
            nonlocal is_whole
            if message["type"] == "http.response.start":
                return await send(message)
            if not is_whole:
                is_whole = True
                await send({"type": "http.response.body", "body": b""})
            if message.get("more_body"):
                raise _HeadIsWholeError

        scope["method"] = "GET"
        with suppress(_HeadIsWholeError, ClientDisconnect):
            await self._app(scope, receive, send_head)


class _HeadIsWholeError(OSError):
    """Nobody reads on: to whoever writes a stream it is a client that left."""


class RequestMetrics:
    """Measures every request by route, method and status. The route is a pattern, never a path somebody typed."""

    def __init__(self, app: ASGIApp, *, registry: CollectorRegistry) -> None:
        self._app = app
        self._seconds = histogram("heliograph_http_request_seconds", registry)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, noting when the response starts: a live stream lasts for minutes, its answer does not."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began, method = time.perf_counter(), _method(scope["method"])

        async def send_measuring(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "")
                labels = (method, route or "(none)", str(message["status"]))
                self._seconds.labels(*labels).observe(time.perf_counter() - began)
            await send(message)

        return await self._app(scope, receive, send_measuring)


def _method(method: str) -> str:
    """Return the method if it is a usual one: clients may invent any number of others."""
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "other"
