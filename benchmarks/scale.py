"""T3: how long the pages wait for their numbers with 100 million events stored, and with a tenth of them.

    make bench-scale                                10 and 100 million, about 25 minutes on two cores
    python -m benchmarks.scale --events 2000000     only so many, to see that it works; not in the table
    python -m benchmarks.scale --data DIR           data are made in DIR, or used if they are there, and stay there

The real API is asked over HTTP by 1 and by 8 clients, each of which waits for its answer, as people of the largest
organisation, from the most opened to the least. Cold, an answer is forgotten as soon as it is given, as if something
had been announced in between, and only who asks the same at the same time shares it; what is known of days that are
over stays, as it does in the product. Remembered, answers are kept until something is announced, and here nothing is.
Beside it: the same counted from the raw log.
"""

import argparse
import asyncio
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import orjson

from app.embedded.redis import command as redis_command
from benchmarks.processes import PYTHON, BenchmarkError, free_port, running, wait_until_answers
from benchmarks.report import Report, percentile, write_table
from benchmarks.scale_data import CAMPAIGN_ID, Progress, build, statement
from benchmarks.scale_people import Person, organisation_id, people
from clickhouse.client import MAINTENANCE_SECONDS, ClickHouse

SIZES = (10_000_000, 100_000_000)
CLIENTS = (1, 8)
TARGET_MS, TARGET_RATIO = 50.0, 1.5
REQUESTS = 120
"""For each endpoint and number of clients: each person is asked about three times."""
RAW_TRIALS = 7


@dataclass
class Sized:
    """What was measured with so many events: milliseconds by (endpoint, clients), and the raw log's by endpoint."""

    events: int
    times: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    warm: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    raw: dict[str, float] = field(default_factory=dict)
    built: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Services:
    """Where the measured services listen."""

    clickhouse_url: str
    database_url: str
    redis_url: str


def main() -> int:
    """Build, ask, report; 1 when it could not run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--events", type=int, nargs="*", help="how many events; default: 10 and 100 million")
    parser.add_argument("--data", type=Path, help="directory of the data, which stay; default: one that is deleted")
    arguments = parser.parse_args()
    sizes = sorted(arguments.events or SIZES)
    report = Report("scale", "make bench-scale", is_quick=tuple(sizes) != SIZES)
    folder = arguments.data or Path(tempfile.mkdtemp(prefix="heliograph-bench-scale-"))
    try:
        found = [measure(folder / str(events), events) for events in sizes]
    except BenchmarkError as error:
        print(f"scale did not run: {error}", file=sys.stderr)
        return 1
    finally:
        if arguments.data is None:
            shutil.rmtree(folder, ignore_errors=True)
    add_rows(report, found)
    print(f"saved {report.save()}")
    if not report.is_quick:
        write_table()
    return 0


def measure(folder: Path, events: int) -> Sized:
    """Build what is missing of so many events, then ask."""
    folder.mkdir(parents=True, exist_ok=True)
    progress = Progress(folder / "state.json", events=events)
    if progress.events != events:
        raise BenchmarkError(f"{folder} holds {progress.events:,} events; choose another --data")
    with services(folder) as urls:
        asyncio.run(build(urls.clickhouse_url, urls.database_url, progress, _say))
        sized = Sized(events, built=progress.seconds)
        for times, is_cold in ((sized.times, True), (sized.warm, False)):
            with api(folder, urls, progress.now, is_cold=is_cold) as url:
                _say(f"{events:,}, {'cold' if is_cold else 'warm'}")
                asyncio.run(_ask(times, url, progress.keys, progress.now))
        asyncio.run(_ask_raw(sized, urls.clickhouse_url, progress.now))
    return sized


@contextmanager
def services(folder: Path) -> Iterator[Services]:
    """Run the embedded ClickHouse and Redis over a directory."""
    password = secrets.token_hex(16)
    ports = free_port(), free_port()
    with ExitStack() as stack:
        engine = [
            PYTHON,
            "-m",
            "app.embedded.clickhouse",
            "--data",
            str(folder / "clickhouse"),
            "--port",
            str(ports[0]),
        ]
        stack.enter_context(
            running(engine, log=folder / "clickhouse.log", env={"EMBEDDED_CLICKHOUSE_PASSWORD": password})
        )
        redis = redis_command(ports[1], password=password, folder=folder)
        stack.enter_context(running(redis, log=folder / "redis.log"))
        wait_until_answers(f"http://127.0.0.1:{ports[0]}/ping")
        yield Services(
            f"http://default:{password}@127.0.0.1:{ports[0]}/heliograph",
            f"sqlite+aiosqlite:///{folder / 'heliograph.db'}",
            f"redis://:{password}@127.0.0.1:{ports[1]}/0",
        )


@contextmanager
def api(folder: Path, urls: Services, now: datetime, *, is_cold: bool) -> Iterator[str]:
    """Run the API at the moment at which the log ends."""
    port = free_port()
    environment = {
        "CLICKHOUSE_URL": urls.clickhouse_url,
        "DATABASE_URL": urls.database_url,
        "REDIS_URL": urls.redis_url,
        "API_PORT": str(port),
    }
    command = [PYTHON, "-m", "benchmarks.scale_api", now.isoformat(), *(["--cold"] if is_cold else [])]
    with running(command, log=folder / "api.log", env=environment):
        wait_until_answers(f"http://127.0.0.1:{port}/api/health/ready")
        yield f"http://127.0.0.1:{port}"


def endpoints(now: datetime) -> dict[str, str]:
    """Return what is asked, by the name it has in the table. `{user}` is a person of the largest organisation."""
    last = now.date() - timedelta(days=3)
    custom = f"from={last - timedelta(days=44)}&to={last}"
    return {
        "my-stats": "/api/tracking/my-stats",
        "my-stats/daily": "/api/tracking/my-stats/daily",
        "my-opens": "/api/tracking/my-opens",
        "organization-stats, 30 days": "/api/admin/tracking/organization-stats",
        "organization-stats, 45 days of one's choice": f"/api/admin/tracking/organization-stats?{custom}",
        "a person's stats": "/api/admin/tracking/user/{user}/stats",
        "a person's days": "/api/admin/tracking/user/{user}/stats/daily",
        "a campaign's stats, 30 days of 2,000 people": f"/api/admin/campaigns/{CAMPAIGN_ID}/stats",
        "campaigns": "/api/admin/campaigns",
        "people, a page": "/api/admin/people",
        "success metrics": "/api/admin/tracking/success-metrics",
    }


async def _ask(times: dict[tuple[str, int], list[float]], url: str, keys: list[str], now: datetime) -> None:
    # a client that takes little of the cores it shares with what is measured
    async with aiohttp.ClientSession(url, timeout=aiohttp.ClientTimeout(60)) as client:
        me = [orjson.loads(await _get(client, "/api/me", key))["user"]["id"] for key in keys]
        for name, path in endpoints(now).items():
            for clients in CLIENTS:
                # only the owner, who has the first key, may see the organisation
                asked = [
                    (path.replace("{user}", me[n % len(me)]), keys[0 if "/admin/" in path else n % len(keys)])
                    for n in range(REQUESTS)
                ]
                await _times(client, asked[:10], clients)  # what is read for the first time is not what is measured
                times[name, clients] = await _times(client, asked, clients)
                _say(f"  {name}, {clients} clients: {_shown(times[name, clients])}")


async def _get(client: aiohttp.ClientSession, path: str, key: str) -> bytes:
    async with client.get(path, headers={"Authorization": f"Bearer {key}"}) as answer:
        body = await answer.read()
        if answer.status != 200:
            raise BenchmarkError(f"{path} answered {answer.status}: {body[:300]!r}")
        return body


async def _times(client: aiohttp.ClientSession, asked: list[tuple[str, str]], clients: int) -> list[float]:
    waiting = iter(asked)
    times: list[float] = []

    async def one_client() -> None:
        for path, key in waiting:
            started = time.perf_counter()
            await _get(client, path, key)
            times.append((time.perf_counter() - started) * 1000)

    await asyncio.gather(*(one_client() for _ in range(clients)))
    return times


async def _ask_raw(sized: Sized, clickhouse_url: str, now: datetime) -> None:
    person: Person = people()[0]
    asked = {
        "organisation_id": organisation_id(0),
        "user_id": person.user_id,
        "today_at": now.replace(hour=0, minute=0, second=0),
        "from_at": now - timedelta(days=30),
        "until_at": now,
    }
    clickhouse = await ClickHouse.open(clickhouse_url, timeout_seconds=MAINTENANCE_SECONDS)
    try:
        for name, query in (
            ("my-stats", "scale_raw_person"),
            ("organization-stats, 30 days", "scale_raw_organisation"),
        ):
            times = []
            for _ in range(RAW_TRIALS):
                started = time.perf_counter()
                await clickhouse.select(statement(query), asked)
                times.append((time.perf_counter() - started) * 1000)
            sized.raw[name] = percentile(times, 0.5)
    finally:
        await clickhouse.close()


def add_rows(report: Report, found: list[Sized]) -> None:
    """Add a row for each endpoint and number of clients at the largest size, with its ratio to the smallest."""
    small, large = found[0], found[-1]
    for sized in found:
        report.trials[f"{sized.events}"] = [
            {
                "endpoint": name,
                "clients": clients,
                "is_cold": measured is sized.times,
                "ms": [round(ms, 2) for ms in times],
            }
            for measured in (sized.times, sized.warm)
            for (name, clients), times in measured.items()
        ] + [{"raw": sized.raw, "built_seconds": sized.built}]
    for (name, clients), times in large.times.items():
        p95 = percentile(times, 0.95)
        ratio = percentile(times, 0.5) / percentile(small.times[name, clients], 0.5)
        compared = f"{ratio:.2f} × the time with {small.events // 1_000_000} million" if small is not large else ""
        raw = f"the raw log {large.raw[name]:.0f} ms" if name in large.raw else ""
        warm = f"remembered {_shown(large.warm[name, clients])}"
        report.add(
            f"{name}, {large.events // 1_000_000} million events, {clients} {'client' if clients == 1 else 'clients'}",
            _shown(times),
            target=f"p95 < {TARGET_MS:.0f} ms, ≤ {TARGET_RATIO} ×",
            beside="; ".join(part for part in (warm, compared, raw) if part),
            met=p95 < TARGET_MS and ratio <= TARGET_RATIO,
        )


def _shown(times: list[float]) -> str:
    return f"p50 {percentile(times, 0.5):.0f} ms, p95 {percentile(times, 0.95):.0f} ms"


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
