"""Drives `wrk` with our script of requests."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import BenchmarkError, need

SCRIPT = Path(__file__).with_name("hits.lua")


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw; latencies from the request's writing to its answer."""

    per_second: float
    requests: int
    p50_ms: float
    p99_ms: float
    errors: int


def drive(
    url: str,
    *,
    seconds: float,
    connections: int = 64,
    per_second: float | None = None,
    token: str | None = None,
    core: int = 1,
) -> Load:
    """Load `url` (scheme, host, port) for some seconds: as fast as it goes, or near `per_second`.

    wrk has no rate, so connections pause at random between 0 and twice the think time that gives the rate.
    """
    environment = dict(os.environ)
    if per_second is not None:
        # A pause is whole milliseconds: enough connections that it is at least 20.
        connections = max(connections, int(per_second * 0.02))
        environment["THINK_MS"] = str(max(1, round(connections / per_second * 1000)))
    if token is not None:
        environment["TOKEN"] = token
    command = [need("wrk", "wrk"), "-t1", f"-c{connections}", f"-d{seconds:g}s", "-s", str(SCRIPT), url]
    if (os.cpu_count() or 1) > 1:
        command = [need("taskset", "util-linux"), "-c", str(core), *command]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            found = json.loads(line.removeprefix("RESULT "))
            return Load(
                per_second=found["requests"] / found["seconds"],
                requests=found["requests"],
                p50_ms=found["p50_ms"],
                p99_ms=found["p99_ms"],
                errors=found["errors"],
            )
    raise BenchmarkError(f"wrk failed:\n{done.stdout}{done.stderr}")
