"""The whole collector as `serve` wires it: what it promises with each `SPOOL_SYNC`, and what it says when it cannot."""

import asyncio
import errno
import json
import os
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from app.collector.asgi import GIF
from app.collector.server import Resources, build_app
from app.settings import Settings
from schemas.receipts import Range

TOKEN = "abcdefghijklmnopqrstuvw_"


class Running:
    """The collector's own app over its own resources; no broker, no Redis."""

    def __init__(self, directory: Path, **settings: Any) -> None:
        self.resources = Resources(
            Settings(
                spool_dir=directory / "spool",
                salts_file=directory / "salts.json",
                database_url=f"sqlite+aiosqlite:///{directory / 'heliograph.db'}",  # type: ignore[arg-type]
                **settings,
            )
        )
        self.app = build_app(self.resources)

    async def get(self, path: str) -> tuple[int, bytes]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        headers = [(b"host", b"127.0.0.1:8801")]
        scope = {"type": "http", "path": path, "method": "GET", "headers": headers, "client": ("127.0.0.1", 4711)}
        await self.app(scope, receive, send)
        return sent[0]["status"], sent[1]["body"]

    async def hit(self) -> bytes:
        return (await self.get(f"/api/t/u/{TOKEN}.gif"))[1]

    async def readiness(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((await self.get("/api/t/health/ready"))[1])
        return document

    def lines(self) -> int:
        spool, count = self.resources.spool, 0
        for number, found in spool.segments.items():
            at = 0
            while (part := spool.read(Range(number, at, found.size))) is not None:
                count, at = count + part.count, part.end
        return count

    async def close(self) -> None:
        self.resources.commit.close()
        self.resources.spool.close()
        await self.resources.redis.aclose()
        await self.resources.database.dispose()


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Callable[..., Running]]:
    made: list[Running] = []

    def start(**settings: Any) -> Running:
        made.append(Running(tmp_path, **settings))
        return made[-1]

    yield start
    for one in made:
        await one.close()


@pytest.mark.parametrize("sync", ["os", "disk"])
async def test_every_hit_that_was_answered_is_in_the_spool(make: Callable[..., Running], sync: str) -> None:
    collector = make(spool_sync=sync, spool_segment_bytes=2_000)
    assert await asyncio.gather(*(collector.hit() for _ in range(100))) == [GIF] * 100
    assert collector.lines() == collector.resources.counters.recorded == 100


async def test_with_disk_sync_no_gif_leaves_before_the_sync_of_its_bytes(
    make: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go, entered = threading.Event(), threading.Event()

    def sync(_fd: int) -> None:
        entered.set()
        assert let_go.wait(30)

    monkeypatch.setattr("app.collector.disk_sync.sync_file", sync)
    collector = make(spool_sync="disk")
    answer = asyncio.ensure_future(collector.hit())
    assert await asyncio.to_thread(entered.wait, 30)
    await asyncio.sleep(0.05)
    assert not answer.done()
    assert collector.resources.counters.recorded == 0
    let_go.set()
    assert await answer == GIF
    assert (collector.lines(), collector.resources.counters.recorded) == (1, 1)


def about_hits(readiness: dict[str, Any]) -> list[str]:
    """Return the reasons that speak of hits; no broker is there either, and after a moment that is one more."""
    return [reason for reason in readiness["reasons"] if reason.startswith("hits are not kept: ")]


async def test_with_disk_sync_a_hit_whose_sync_failed_is_answered_counted_as_lost_and_said(
    make: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync(_fd: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    collector = make(spool_sync="disk")
    assert await collector.hit() == GIF
    monkeypatch.setattr("app.collector.disk_sync.sync_file", sync)
    assert await collector.hit() == GIF
    counters = collector.resources.counters
    assert (counters.recorded, counters.lost, collector.lines()) == (1, 1, 1)
    [reason] = about_hits(await collector.readiness())
    assert os.strerror(errno.EIO) in reason


async def test_a_loss_stands_in_readiness_metrics_and_the_report_until_it_is_over(make: Callable[..., Running]) -> None:
    collector = make(spool_quota_bytes=65_536)
    while collector.resources.counters.lost < 3:
        assert await collector.hit() == GIF
    status, body = await collector.get("/api/t/health/ready")
    [reason] = about_hits(json.loads(body))
    assert status == 503
    assert "3 lost since" in reason
    assert b"heliograph_hits_being_lost 1.0" in (await collector.get("/api/t/metrics"))[1]
    assert collector.resources.reporter.present().losing_hits == 3
    spool = collector.resources.spool
    for found in spool.segments.values():
        spool.confirm(Range(found.number, 0, found.size))
        spool._close(found)
    assert await collector.hit() == GIF
    assert about_hits(await collector.readiness()) != [], "one hit that is kept proves nothing"
    collector.resources.commit.losses._clock = lambda: time.time() + 3600
    await collector.resources.commit.losses.look()
    assert about_hits(await collector.readiness()) == []
    assert b"heliograph_hits_being_lost 0.0" in (await collector.get("/api/t/metrics"))[1]
    assert collector.resources.reporter.present().losing_since is None
