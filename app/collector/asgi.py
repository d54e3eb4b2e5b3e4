"""The collector's routes as raw ASGI: the pixel first, because it is what comes 25,000 times a second.

Whatever stands below `/api/t/`, and whatever else is down, the answer is the GIF with `200` and no-store headers;
only what operators ask for is something else.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from time import perf_counter
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest

from app.classification.model import MAX_PURPOSE, PURPOSE_HEADERS
from app.collector.commit import GroupCommit
from app.collector.hit import TOKEN, HitMaker
from app.collector.metrics import HitCounters
from app.collector.pixel_paths import pixel_of
from app.operators import REFUSED

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ClientAddress = Callable[[str, bytes | None], str]

GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
"""The smallest transparent GIF89a: 43 bytes, one pixel (SPEC H3)."""

_PREFIX = "/api/t/"
_USER, _CAMPAIGN, _END = "/api/t/u/", "/api/t/p/", ".gif"
_PURPOSES = frozenset(name.encode() for name in PURPOSE_HEADERS)
_NO_STORE = [
    (b"cache-control", b"no-store, no-cache, must-revalidate, private, max-age=0"),
    (b"pragma", b"no-cache"),
    (b"expires", b"0"),
]
_GIF_START: Message = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"image/gif"),
        (b"content-length", b"43"),
        *_NO_STORE,
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-resource-policy", b"cross-origin"),
        (b"referrer-policy", b"no-referrer"),
    ],
}
_GIF_BODY: Message = {"type": "http.response.body", "body": GIF}
_EMPTY_BODY: Message = {"type": "http.response.body", "body": b""}


class CollectorApp:
    """`/api/t/u/{token}.gif`, `/api/t/p/{token}.gif`, `GET|HEAD /api/t/health[/ready]`, `GET|HEAD /api/t/metrics`.

    `may_see` says of a request's scope whether it sees metrics and why something is not ready.
    """

    def __init__(
        self,
        *,
        hits: HitMaker,
        commit: GroupCommit,
        counters: HitCounters,
        client_address: ClientAddress,
        readiness: Callable[[], tuple[bool, dict[str, object]]],
        registry: CollectorRegistry,
        may_see: Callable[[Scope], bool] = lambda _scope: True,
    ) -> None:
        self._hits, self._commit, self._counters = hits, commit, counters
        self._client_address, self._readiness, self._registry = client_address, readiness, registry
        self._may_see = may_see

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        path: str = scope["path"]
        if path.endswith(_END) and TOKEN.fullmatch(path, 9, len(path) - 4):  # the usual path, told without a search
            if path.startswith(_USER):
                return await self._pixel("user", path[9:-4], scope, send)
            if path.startswith(_CAMPAIGN):
                return await self._pixel("campaign", path[9:-4], scope, send)
        pixel = pixel_of(path)
        if pixel is not None:
            return await self._pixel(pixel.tracking, pixel.token, scope, send)
        await self._other(path, scope, send)

    async def _pixel(self, tracking: str, token: str, scope: Scope, send: Send) -> None:
        started = perf_counter()
        method: str = scope["method"]
        if token:
            agent = purpose = b""
            forwarded: bytes | None = None
            for name, value in scope["headers"]:
                if name == b"user-agent":
                    agent = agent + b", " + value if agent else value
                elif name == b"x-forwarded-for":
                    forwarded = value if forwarded is None else forwarded + b"," + value
                elif name in _PURPOSES and value:
                    value = value[:MAX_PURPOSE]  # noqa: PLW2901 - so that a long one does not push out the next
                    purpose = purpose + b" " + value if purpose else value
            client = scope["client"]
            line = self._hits.line(
                tracking=tracking,
                token=token,
                address=self._client_address(client[0] if client else "", forwarded),
                user_agent=agent,
                method=method,
                purpose=purpose,
            )
            if await self._commit.add(line):
                self._counters.recorded += 1
            else:
                self._counters.lost += 1
        else:
            self._counters.malformed += 1
        await send(_GIF_START)
        await send(_EMPTY_BODY if method == "HEAD" else _GIF_BODY)
        self._counters.observe(perf_counter() - started)

    async def _other(self, path: str, scope: Scope, send: Send) -> None:
        method: str = scope["method"]
        if method == "HEAD":
            send = _without_body(send)
        if not path.startswith(_PREFIX):
            return await _problem(send, 404, "not_found", "This is the collector; it serves /api/t/ only.")
        if method not in ("GET", "HEAD"):
            return await _problem(send, 405, "method_not_allowed", f"{path} answers GET and HEAD.")
        if path == "/api/t/health":
            return await _json(send, 200, {"status": "ok"})
        if path == "/api/t/health/ready":
            is_ready, body = self._readiness()
            if not self._may_see(scope):
                body = {"status": body["status"]}
            return await _json(send, 200 if is_ready else 503, body)
        if path == "/api/t/metrics":
            if not self._may_see(scope):
                return await _problem(send, 403, "forbidden", REFUSED)
            text = await asyncio.to_thread(generate_latest, self._registry)
            return await _answer(send, 200, b"text/plain; version=0.0.4; charset=utf-8", text)
        await _problem(send, 404, "not_found", "Operators ask for /api/t/health, /api/t/health/ready, /api/t/metrics.")


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        await send(_EMPTY_BODY if message["type"] == "http.response.body" else message)

    return send_head


async def _answer(send: Send, status: int, content_type: bytes, body: bytes) -> None:
    headers = [
        (b"content-type", content_type),
        (b"content-length", str(len(body)).encode()),
        *_NO_STORE,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _json(send: Send, status: int, body: object, content_type: bytes = b"application/json") -> None:
    await _answer(send, status, content_type, json.dumps(body).encode())


async def _problem(send: Send, status: int, code: str, detail: str) -> None:
    body = {"type": f"urn:heliograph:problem:{code}", "status": status, "code": code, "detail": detail}
    await _json(send, status, body, b"application/problem+json")
