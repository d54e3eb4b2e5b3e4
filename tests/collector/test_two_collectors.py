"""Two collectors as processes of their own, with Redis between them and nothing else."""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.embedded.ports import find_free
from tests.fixtures.valkey import Valkey
from tests.pipeline.wire import ask, request

LIMIT, TOKEN = 20, "t" * 24
CHECKOUT = Path(__file__).resolve().parents[2]


class Collector:
    """A process of the collector."""

    def __init__(self, name: str, folder: Path, redis_url: str) -> None:
        [port] = find_free(1)
        self.url = f"http://127.0.0.1:{port}"
        env = {
            "COLLECTOR_ID": name,
            "COLLECTOR_PORT": str(port),
            "SPOOL_DIR": str(folder / name),
            "SALTS_FILE": str(folder / "salts.json"),
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/away/none.db",
            "KAFKA_URL": "kafka://127.0.0.1:9",
            "REDIS_URL": redis_url,
            "RATE_LIMIT_PER_MINUTE": str(LIMIT),
            "RATE_LIMIT_EXCHANGE_MS": "50",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.collector.server"],
            cwd=CHECKOUT,
            env=os.environ | env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while not self.status():
            assert time.monotonic() < deadline, "the collector does not answer"
            time.sleep(0.05)

    def status(self) -> dict[str, Any]:
        """Return how its hits have ended; empty while it does not answer."""
        try:
            urllib.request.urlopen(f"{self.url}/api/t/health/ready", timeout=5)
        except urllib.error.HTTPError as answer:  # not ready: there is no Kafka
            content: dict[str, Any] = json.load(answer)["hits"]
            return content
        except OSError:
            return {}
        raise AssertionError("ready without Kafka")

    async def hit(self, count: int) -> None:
        answers = await ask(self.url, *[request(f"/api/t/u/{TOKEN}.gif", headers=(("User-Agent", b"UA"),))] * count)
        assert all(answer.is_gif for answer in answers)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture
def collectors(tmp_path: Path, valkey: Valkey) -> Iterator[tuple[Collector, Collector]]:
    first = Collector("c1", tmp_path, valkey.url)
    second = Collector("c2", tmp_path, valkey.url)
    yield first, second
    first.stop()
    second.stop()


async def test_an_address_that_was_limited_at_one_collector_is_limited_at_the_other(
    collectors: tuple[Collector, Collector],
) -> None:
    first, second = collectors
    while time.time() % 60 > 40:  # all of it is to lie in one minute of the clock
        await asyncio.sleep(0.2)
    await first.hit(LIMIT + 5)
    assert first.status() == {"recorded": LIMIT + 5, "malformed": 0, "lost": 0, "overLimit": 5}
    sent = 0
    while not second.status()["overLimit"]:
        sent += 1
        assert sent <= LIMIT, "the second collector knows only what it saw itself"
        await second.hit(1)
        await asyncio.sleep(0.2)
    assert second.status()["recorded"] == sent
