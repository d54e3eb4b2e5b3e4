"""HEAD is answered wherever GET is, with the same headers and no body."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import StreamingResponse

from app.middleware import HeadAsGet
from tests.fixtures.api import Api

PATHS = ("/api/health", "/api/health/ready", "/metrics", "/api/me", "/api/openapi.json", "/api/nothing", "/", "/a.js")


@pytest.mark.parametrize("path", PATHS)
async def test_a_head_has_the_status_and_headers_of_a_get(api: Api, path: str) -> None:
    headers = await api.key(await api.owner()) | {"accept-encoding": "identity"}
    got, head = [await api.client.request(method, path, headers=headers) for method in ("GET", "HEAD")]
    assert (head.status_code, head.content) == (got.status_code, b"")
    changes = {"date", "content-length"} if path == "/metrics" else {"date"}
    assert {name: value for name, value in head.headers.items() if name not in changes} == {
        name: value for name, value in got.headers.items() if name not in changes
    }


async def test_every_route_that_answers_get_answers_head(api: Api) -> None:
    owner = await api.owner()
    headers = await api.key(owner)
    ids = {"userId": str(owner.id), "email": owner.email}
    paths = (await api.client.get("/api/openapi.json")).json()["paths"]
    asked = [path for path, operations in paths.items() if "get" in operations]
    assert len(asked) > 30
    assert "/api/stream" in asked
    for path in asked:
        filled = re.sub(r"{(\w+)}", lambda found: ids.get(found[1], str(uuid4())), path)
        answer = await api.client.head(filled, headers=headers, timeout=20)
        assert answer.status_code != 405, path
        assert answer.content == b""


async def test_a_head_of_a_change_is_refused(api: Api) -> None:
    assert (await api.client.head("/api/auth/signout")).status_code == 405


async def test_a_head_is_measured_as_one(api: Api) -> None:
    await api.client.head("/api/health")
    text = (await api.client.get("/metrics")).text
    assert 'heliograph_http_request_seconds_count{method="HEAD",route="/api/health",status="200"} 1.0' in text


async def test_what_streams_is_stopped_at_its_first_piece() -> None:
    pieces = 0

    async def endless() -> Any:
        nonlocal pieces
        while True:
            pieces += 1
            yield b"x" * 1000

    small = FastAPI()
    small.add_api_route("/", lambda: StreamingResponse(endless()), methods=["GET"])
    transport = httpx.ASGITransport(HeadAsGet(small))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        assert (await client.head("/")).status_code == 200
    assert pieces == 1
