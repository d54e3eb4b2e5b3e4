"""What is ready is sent as the framework would send it, compressed to whoever takes that."""

import gzip
from datetime import UTC, datetime

import httpx
from fastapi import FastAPI, Request, Response

from app.ready import WORTH_COMPRESSING, Ready
from schemas.base import Schema


class Answer(Schema):
    long_name: str
    as_of: datetime = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
    share: float = 1 / 3
    nothing: int | None = None


async def test_it_has_the_bytes_that_the_framework_writes() -> None:
    app, answer = FastAPI(), Answer(long_name="سارة")

    @app.get("/framework")
    async def framework() -> Answer:
        return answer

    @app.get("/ready", response_model=Answer)
    async def ready(request: Request) -> Response:
        return (await Ready.of(answer)).response(request)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        expected, found = await client.get("/framework"), await client.get("/ready")
    assert found.content == expected.content
    assert found.headers == expected.headers
    described = app.openapi()["paths"]
    assert described["/ready"]["get"]["responses"] == described["/framework"]["get"]["responses"]


async def test_a_large_one_is_compressed_for_who_takes_it() -> None:
    ready = await Ready.of(Answer(long_name="x" * 200_000))
    taking = ready.response(_request("br, gzip"))
    assert gzip.decompress(bytes(taking.body)) == ready.plain
    assert (taking.headers["content-encoding"], taking.headers["vary"]) == ("gzip", "Accept-Encoding")
    other = ready.response(_request("br"))
    assert other.body == ready.plain
    assert "content-encoding" not in other.headers


async def test_a_small_one_is_not_worth_it() -> None:
    ready = await Ready.of(Answer(long_name="x"))
    assert len(ready.plain) < WORTH_COMPRESSING
    assert ready.response(_request("gzip")).body == ready.plain


def _request(accepted: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept-encoding", accepted.encode())]})
