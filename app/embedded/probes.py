"""Is a process ready? Small probes over plain sockets, so that the launcher stays small and polling costs nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

_TIMEOUT_SECONDS = 3.0


@dataclass(frozen=True)
class Health:
    """What a probe saw: ready or not, and why not."""

    is_ready: bool
    reason: str = ""


Probe = Callable[[], Awaitable[Health]]


async def http_get(host: str, port: int, path: str, *, token: str = "") -> tuple[int, bytes]:
    """Return status and body of `GET path`; `token` is `METRICS_TOKEN`, for details.

    Raises `OSError`, `TimeoutError`, or `ValueError` for no HTTP answer.
    """
    async with asyncio.timeout(_TIMEOUT_SECONDS):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            name = f"[{host}]" if ":" in host else host
            credential = f"Authorization: Bearer {token}\r\n" if token else ""
            request = f"GET {path} HTTP/1.0\r\nHost: {name}:{port}\r\n{credential}Connection: close\r\n\r\n"
            writer.write(request.encode())
            answer = await reader.read(-1)
        finally:
            writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    words = head.split(maxsplit=2)
    if len(words) < 2 or not words[0].startswith(b"HTTP/"):
        raise ValueError(f"no HTTP answer from {host}:{port}")
    return int(words[1]), body


async def http_json(host: str, port: int, path: str, *, token: str = "") -> dict[str, Any]:
    """Return the JSON object at `path`, whatever the status (readiness answers 503). Raises as `http_get`."""
    _, body = await http_get(host, port, path, token=token)
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ValueError(f"{path} did not answer a JSON object")
    return document


def http(host: str, port: int, path: str, *, token: str = "") -> Probe:
    """Ready when `GET path` answers 200; the reasons of a readiness document are passed on."""

    async def probe() -> Health:
        try:
            status, body = await http_get(host, port, path, token=token)
        except (OSError, TimeoutError, ValueError):
            return Health(False, "does not answer yet")
        if status == 200:
            return Health(True)
        return Health(False, _reasons(body) or f"answers {status}")

    return probe


def tcp(host: str, port: int) -> Probe:
    """Ready when something accepts connections."""

    async def probe() -> Health:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                _, writer = await asyncio.open_connection(host, port)
        except (OSError, TimeoutError):
            return Health(False, "does not listen yet")
        writer.close()
        return Health(True)

    return probe


def redis(host: str, port: int, password: str) -> Probe:
    """Ready when Redis takes the password and answers PING."""

    async def probe() -> Health:
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                reader, writer = await asyncio.open_connection(host, port)
                try:
                    writer.write(f"AUTH {password}\r\nPING\r\n".encode())
                    answers = [await reader.readline(), await reader.readline()]
                finally:
                    writer.close()
        except (OSError, TimeoutError):
            return Health(False, "does not answer yet")
        is_ready = answers == [b"+OK\r\n", b"+PONG\r\n"]
        return Health(is_ready, "" if is_ready else b" ".join(answers).decode(errors="replace").strip())

    return probe


def _reasons(body: bytes) -> str:
    """Return the reasons of a readiness document in one line, or nothing when it has none."""
    try:
        reasons = json.loads(body).get("reasons", [])
    except (ValueError, AttributeError):
        return ""
    return "; ".join(str(reason) for reason in reasons)
