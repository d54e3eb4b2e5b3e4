"""T1: recorded hits per second and core, latency at half load; beside nginx `empty_gif` and a plain FastAPI route.

Collector, broker and load generator: no worker, so that what is measured is the collector with its forwarding. The
collector (and each baseline) has core 0 for itself; wrk and the broker share core 1.
"""

import contextlib
import json
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil

from app.embedded import broker
from benchmarks import wrk
from benchmarks.processes import PYTHON, ROOT, free_port, need, pin, running, wait_until_answers
from benchmarks.report import Report, median

SERVER_CORE, LOAD_CORE = 0, 1
CONNECTIONS = 64


def run(report: Report, work: Path) -> None:
    """Measure and add the rows."""
    trials, seconds = (1, 3.0) if report.is_quick else (3, 15.0)
    ours, fastapi, nginx = [], [], []
    half_load, fastapi_half = [], []
    for trial in range(trials):
        folder = work / f"trial-{trial}"
        folder.mkdir()
        with _nginx(folder) as url:
            nginx.append(wrk.drive(url, seconds=seconds, connections=CONNECTIONS))
        with _plain_fastapi(folder) as url:
            wrk.drive(url, seconds=1, connections=CONNECTIONS)
            fastapi.append(wrk.drive(url, seconds=seconds, connections=CONNECTIONS))
            rate = fastapi[-1].per_second / 2
            fastapi_half.append(wrk.drive(url, seconds=seconds, per_second=rate))
        with collector(folder) as (url, _):
            wrk.drive(url, seconds=1, connections=CONNECTIONS)
            ours.append(_recorded(url, seconds))
            half_load.append(wrk.drive(url, seconds=seconds, per_second=ours[-1]["recorded_per_second"] / 2))
    report.trials["collector"] = ours
    report.trials["collector_half_load"] = [one.__dict__ for one in half_load]
    report.trials["nginx"] = [one.__dict__ for one in nginx]
    report.trials["fastapi"] = [one.__dict__ for one in fastapi]
    report.trials["fastapi_half_load"] = [one.__dict__ for one in fastapi_half]

    recorded = median([one["recorded_per_second"] for one in ours])
    limit, plain = median([one.per_second for one in nginx]), median([one.per_second for one in fastapi])
    report.add(
        "recorded pixel hits/s on one core, forwarding included",
        f"{recorded:,.0f}",
        target="≥ 25,000",
        beside=f"nginx `empty_gif` {limit:,.0f}; FastAPI route that records nothing {plain:,.0f}",
        met=recorded >= 25_000,
    )
    report.add("share of nginx", f"{recorded / limit:.0%}", target="≥ 20 %", met=recorded >= 0.2 * limit)
    report.add("times the FastAPI route", f"{recorded / plain:.1f} ×", target="≥ 4 ×", met=recorded >= 4 * plain)
    sent = median([one["forwarded_per_second"] for one in ours])
    report.add("of these, acknowledged by the broker in the same seconds", f"{sent:,.0f}/s")
    p50, p99 = median([one.p50_ms for one in half_load]), median([one.p99_ms for one in half_load])
    plain_p99 = median([one.p99_ms for one in fastapi_half])
    rate = median([one.per_second for one in half_load])
    report.add(
        f"pixel latency at half load ({rate:,.0f} hits/s), p50 / p99",
        f"{p50:.1f} / {p99:.1f} ms",
        target="p99 < 5 ms",
        beside=f"FastAPI route at its half load: p99 {plain_p99:.1f} ms",
        met=p99 < 5,
    )


def _recorded(url: str, seconds: float) -> dict[str, float]:
    """Load without pause and return what the collector itself says it recorded and forwarded meanwhile."""
    before, started = readiness(url), time.monotonic()
    load = wrk.drive(url, seconds=seconds, connections=CONNECTIONS)
    after, elapsed = readiness(url), time.monotonic() - started
    recorded = after["hits"]["recorded"] - before["hits"]["recorded"]
    forwarded = after["forwarder"]["sentEvents"] - before["forwarder"]["sentEvents"]
    assert recorded >= load.requests, (recorded, load)  # an answer means a record
    return {
        "recorded_per_second": load.per_second,
        "forwarded_per_second": forwarded / elapsed,
        "recorded": recorded,
        "answered": load.requests,
        "errors": load.errors,
        "p50_ms": load.p50_ms,
        "p99_ms": load.p99_ms,
    }


def readiness(url: str) -> dict[str, dict[str, float]]:
    """Return the collector's readiness document, whatever its status."""
    try:
        with urllib.request.urlopen(f"{url}/api/t/health/ready", timeout=10) as answer:
            document: dict[str, dict[str, float]] = json.load(answer)
    except urllib.error.HTTPError as error:
        document = json.load(error)
    return document


@contextlib.contextmanager
def collector(folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Run a collector with a broker of its own; yields (url, process)."""
    kafka, port = free_port(), free_port()
    environment = {
        "KAFKA_URL": f"kafka://127.0.0.1:{kafka}",
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'heliograph.db'}",
        "SPOOL_DIR": str(folder / "spool"),
        "SALTS_FILE": str(folder / "salts.json"),
        "COLLECTOR_PORT": str(port),
        "COLLECTOR_ID": f"bench-{secrets.token_hex(4)}",
    }
    url = f"http://127.0.0.1:{port}"
    with contextlib.ExitStack() as stack:
        stack.enter_context(running(broker.new_life(kafka), log=folder / "broker.log", core=LOAD_CORE))
        command = [PYTHON, "-m", "app.collector.server"]
        process = stack.enter_context(running(command, log=folder / "collector.log", core=SERVER_CORE, env=environment))
        wait_until_answers(f"{url}/api/t/health")
        pin(process, SERVER_CORE)
        deadline = time.monotonic() + 30
        while readiness(url)["forwarder"]["state"] != "forwarding" and time.monotonic() < deadline:  # type: ignore[comparison-overlap]
            time.sleep(0.1)
        yield url, process


@contextlib.contextmanager
def _nginx(folder: Path) -> Iterator[str]:
    port, home = free_port(), folder / "nginx"
    home.mkdir()
    template = (ROOT / "benchmarks" / "baselines" / "nginx.conf").read_text()
    configuration = home / "nginx.conf"
    configuration.write_text(template.replace("__PORT__", str(port)).replace("__DIR__", str(home)))
    command = [need("nginx", "nginx-light"), "-c", str(configuration), "-p", str(home), "-e", str(home / "start.log")]
    with running(command, log=folder / "nginx.log", core=SERVER_CORE) as process:
        wait_until_answers(f"http://127.0.0.1:{port}/")
        for child in process.children():
            pin(child, SERVER_CORE)
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def _plain_fastapi(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [PYTHON, str(ROOT / "benchmarks" / "baselines" / "plain_fastapi.py"), str(port)]
    with running(command, log=folder / "fastapi.log", core=SERVER_CORE) as process:
        wait_until_answers(f"http://127.0.0.1:{port}/api/t/u/x.gif")
        pin(process, SERVER_CORE)
        yield f"http://127.0.0.1:{port}"
