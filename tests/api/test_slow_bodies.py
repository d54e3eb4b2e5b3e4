"""The whole API, to a client that stops in the middle of a body."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from app.settings import Settings
from tests.fixtures.api import Clock, running_api


@pytest.mark.parametrize(
    "head",
    ["POST /api/auth/password HTTP/1.1\r\nContent-Type: application/json\r\n", "PUT /api/me/password HTTP/1.1\r\n"],
)
async def test_half_a_body_is_answered_408_and_the_connection_closed(
    api_settings: Settings, tmp_path: Path, head: str
) -> None:
    settings = api_settings.model_copy(update={"body_silence_seconds": 0.5})
    async with running_api(settings, Clock(datetime(2026, 1, 15, tzinfo=UTC)), tmp_path) as api:
        url = httpx.URL(api.url)
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(f"{head}Host: {url.host}:{url.port}\r\nContent-Length: 100\r\n\r\n{{".encode())
        async with asyncio.timeout(60):
            answer = await reader.read(-1)  # ends when the connection does
        writer.close()
    assert b" 408 " in answer.splitlines()[0]
    assert b'"code":"request_timeout"' in answer
