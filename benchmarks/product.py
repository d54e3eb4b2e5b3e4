"""The whole product, as a user starts it."""

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import clickhouse_connect
import httpx
import psutil

from benchmarks.processes import PYTHON, BenchmarkError, free_port, running

UNLIMITED = {"RATE_LIMIT_PER_MINUTE": "0"}
"""All load of a benchmark comes from one address, and its opens are to count."""


@dataclass(frozen=True)
class Product:
    """A running product: what its `ready.json` says, its processes, and how long it took."""

    ready: dict[str, Any]
    launcher: psutil.Process
    ready_seconds: float

    def processes(self) -> list[psutil.Process]:
        """Return the launcher and everything below it."""
        return [self.launcher, *self.launcher.children(recursive=True)]

    def process(self, name: str) -> psutil.Process:
        """Return one of its processes by name."""
        return psutil.Process(self.ready["pids"][name])

    @property
    def token(self) -> str:
        """The demo user's token."""
        return Path(self.ready["user_pixel_url"]).stem

    @property
    def user_agent_headers(self) -> dict[str, str]:
        """Headers that let us read the demo user's numbers."""
        return {"Authorization": f"Bearer {self.ready['api_key']}"}

    def stored(self) -> int:
        """Return how many rows the log and the drops hold together."""
        client = clickhouse_connect.get_client(dsn=self.ready["clickhouse_url"])
        try:
            answer = client.query("SELECT (SELECT count() FROM events) + (SELECT count() FROM drops)")
            return int(answer.result_rows[0][0])
        finally:
            client.close()

    def unconfirmed_bytes(self) -> int:
        """Return how much of the spool is not stored yet."""
        body = httpx.get(f"{self.ready['collector_url']}/api/t/health/ready", timeout=10).json()
        return int(body["forwarder"]["unconfirmedBytes"])

    def wait_stored(self, *, seconds: float = 120) -> None:
        """Wait until every recorded hit is stored."""
        deadline = time.monotonic() + seconds
        while self.unconfirmed_bytes():
            if time.monotonic() > deadline:
                raise BenchmarkError(f"not everything was stored within {seconds:.0f} s")
            time.sleep(0.1)


@contextlib.contextmanager
def product(
    work: Path, *, data: Path | None = None, program: str | None = None, env: Mapping[str, str] | None = None
) -> Iterator[Product]:
    """Run `heliograph up` on a data directory for the length of the `with` block."""
    data = data or work / "data"
    command = [program] if program else [PYTHON, "-m", "app.cli"]
    port = _three_free_ports()
    started = time.monotonic()
    with running(
        [*command, "up", "--data", str(data), "--port", str(port)], log=work / "up.log", env=UNLIMITED | dict(env or {})
    ) as launcher:
        ready = wait_ready(data / "ready.json", launcher, work / "up.log")
        yield Product(ready, launcher, time.monotonic() - started)


def wait_ready(path: Path, launcher: psutil.Process, log: Path, *, seconds: float = 120) -> dict[str, Any]:
    """Wait for `ready.json` and return it."""
    deadline = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > deadline or launcher.status() == psutil.STATUS_ZOMBIE:
            raise BenchmarkError(f"the product did not get ready; end of its log:\n{log.read_text()[-3000:]}")
        time.sleep(0.02)
    ready: dict[str, Any] = json.loads(path.read_text())
    return ready


def _three_free_ports() -> int:
    """Return a port that is free together with its two successors, as `up --port` wants them."""
    while True:
        port = free_port()
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            for offset in range(3):
                probe = stack.enter_context(socket.socket())
                probe.bind(("127.0.0.1", port + offset))
            return port


def environment_without_services() -> dict[str, str]:
    """Return variables that make the product start every service itself."""
    return {name: "" for name in ("KAFKA_URL", "CLICKHOUSE_URL", "REDIS_URL", "DATABASE_URL") if name in os.environ}
