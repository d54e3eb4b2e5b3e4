"""Retention lowered from 180 to 90 days for an organisation with 10 million events, while opens come in.

The whole product runs, with 500 opens a second of that organisation. Four times a second one person's pixel is loaded
too, on time whether or not the one before was counted, and it is taken how long each takes to be in `my-stats`: a
store that stands still for a second delays every open of that second, and each is counted.
"""

import asyncio
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from sqlalchemy import update

from app.identity.models import Organisation
from app.identity.service import create_user, ensure_token
from app.store.database import Database
from app.tracking.models import OrganisationSettings
from benchmarks import wrk
from benchmarks.processes import PYTHON, ROOT, BenchmarkError, memory_mb, need
from benchmarks.product import Product, product
from benchmarks.report import Report, percentile
from benchmarks.scale_data import Progress, statement, write_events
from benchmarks.scale_people import Person, organisation_id, people
from clickhouse.client import MAINTENANCE_SECONDS, ClickHouse

DAYS, KEPT_DAYS = 180, 90
LOAD = 500
PROBE_SECONDS = 0.25
TARGET_RATIO = 2.0
_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass
class Seen:
    """What was seen in one phase: milliseconds from each probe's GIF to the JSON, and ClickHouse's memory in MB."""

    lag_ms: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """The 95th percentile of the lag, in ms."""
        return percentile(self.lag_ms, 0.95)

    def shown(self) -> str:
        """Return the lag in words."""
        return f"{percentile(self.lag_ms, 0.5):.0f} / {self.p95:.0f} ms, longest {max(self.lag_ms):.0f} ms"


def run(report: Report, work: Path) -> None:
    """Build, measure without and with retention, verify; add the rows."""
    need("wrk", "wrk")  # before ten minutes of building
    events = 500_000 if report.is_quick else 10_000_000
    quiet_seconds = 15 if report.is_quick else 60
    # on by its own at the start of the worker, retention finds nothing to delete: all is younger than 200 days
    with product(work, env={"RATE_LIMIT_PER_MINUTE": "0"}) as running:
        token = asyncio.run(_build(running, work / "state.json", events))
        disk = asyncio.run(_disk(running))
        with _load(running, token), _probes(running) as phase:
            time.sleep(5)
            quiet, _ = phase(lambda: time.sleep(quiet_seconds))
            dry, dry_seconds = phase(lambda: _command(running, "retention", "--dry-run"))
            asyncio.run(_keep(running, KEPT_DAYS))
            busy, seconds = phase(lambda: _command(running, "retention"))
        running.wait_stored()
        after = asyncio.run(_disk(running))
        started = time.monotonic()
        _command(running, "verify")
        verify_seconds = time.monotonic() - started
    report.trials["retention"] = [
        {"events": events, "disk": disk, "disk_after": after, "seconds": seconds, "dry_seconds": dry_seconds}
    ]
    for name, seen in (("quiet", quiet), ("dry", dry), ("busy", busy)):
        report.trials[f"{name}_lag_ms"] = [round(ms) for ms in seen.lag_ms]
        report.trials[f"{name}_memory_mb"] = [round(mb) for mb in seen.memory_mb]
    ratio = busy.p95 / quiet.p95
    millions = f"{events / 1e6:g} million events"
    report.add(
        f"retention from {DAYS} to {KEPT_DAYS} days, {millions}, under {LOAD} opens/s",
        f"{seconds:.0f} s",
        beside=f"the dry run {dry_seconds:.1f} s; `verify` afterwards clean, {verify_seconds:.0f} s",
    )
    report.add(
        "open → dashboard JSON while it deletes, p50 / p95",
        busy.shown(),
        target=f"p95 ≤ {TARGET_RATIO:.0f} × that without",
        beside=f"without it {quiet.shown()}: {ratio:.1f} ×",
        met=ratio <= TARGET_RATIO,
    )
    report.add(
        "disk of log and views before and after it",
        f"{disk['bytes'] / 2**20:.0f} and {after['bytes'] / 2**20:.0f} MB",
        beside=f"{disk['events']:,} and {after['events']:,} events, those of the load included",
    )
    report.add(
        "memory of ClickHouse while it deletes, most",
        f"{max(busy.memory_mb):.0f} MB",
        beside=f"before it {max(quiet.memory_mb):.0f} MB",
    )


async def _build(running: Product, state: Path, events: int) -> str:
    """Make the organisation, its events and the person whose pixel is the load; return that person's token."""
    owner = organisation_id(0)
    database = Database(running.ready["database_url"])
    async with database.session() as session:
        session.add(Organisation(id=owner, name="Large", time_zone="UTC"))
        await session.flush()
        session.add(OrganisationSettings(organisation_id=owner, retention_days=DAYS + 20))
        await session.flush()
        person = await create_user(session, organisation_id=owner, email="load@large.test", name="Load")
        token = (await ensure_token(session, person)).token
    await database.dispose()
    everybody = [person for person in people() if person.organisation == 0]
    total = sum(person.share for person in everybody)
    everybody = [Person(0, person.rank, person.share / total) for person in everybody]
    clickhouse = await _clickhouse(running)
    progress = Progress(state, events=events)
    try:
        await write_events(clickhouse, progress, everybody, lambda line: print(line, flush=True), days=DAYS)
    finally:
        await clickhouse.close()
    return token


async def _disk(running: Product) -> dict[str, int]:
    clickhouse = await _clickhouse(running)
    try:
        [found] = await clickhouse.select(statement("retention_disk"))
        return {name: int(value) for name, value in found.items()}
    finally:
        await clickhouse.close()


async def _clickhouse(running: Product) -> ClickHouse:
    return await ClickHouse.open(running.ready["clickhouse_url"], timeout_seconds=MAINTENANCE_SECONDS)


async def _keep(running: Product, days: int) -> None:
    database = Database(running.ready["database_url"])
    async with database.session() as session:
        changed = update(OrganisationSettings).where(OrganisationSettings.organisation_id == organisation_id(0))
        await session.execute(changed.values(retention_days=days))
    await database.dispose()


def _command(running: Product, *arguments: str) -> None:
    """Run `heliograph …` against the product. Raises `BenchmarkError` with what it said if it fails."""
    names = ("KAFKA_URL", "CLICKHOUSE_URL", "REDIS_URL", "DATABASE_URL")
    urls = {name: str(running.ready[name.lower()]) for name in names}
    done = subprocess.run(
        [PYTHON, "-m", "app.cli", *arguments],
        env=os.environ | urls,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"heliograph {' '.join(arguments)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


@contextmanager
def _load(running: Product, token: str) -> Iterator[None]:
    """Load a person's pixel all the while. Raises `BenchmarkError` at the end if the load stopped before."""
    is_over = threading.Event()
    failed: list[BenchmarkError] = []

    def drive() -> None:
        while not is_over.is_set():
            try:
                wrk.drive(running.ready["collector_url"], seconds=5, per_second=LOAD, token=token)
            except BenchmarkError as error:
                failed.append(error)
                return

    thread = threading.Thread(target=drive)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
    if failed:  # what was measured without it means nothing
        raise failed[0]


Phase = Callable[[Callable[[], None]], tuple[Seen, float]]


@contextmanager
def _probes(running: Product) -> Iterator[Phase]:
    """Load the demo person's pixel at fixed times all the while, and look when each is counted.

    Yields a function that does some work and returns what the probes sent meanwhile saw, and the work's seconds.
    """
    is_over = threading.Event()
    sent: list[float] = []
    counted: list[float] = []
    with httpx.Client(headers=running.user_agent_headers, timeout=30) as client:
        before = _opens(client, running)

    def send() -> None:
        with httpx.Client(timeout=30) as client:
            due = time.perf_counter()
            while not is_over.is_set():
                sent.append(time.perf_counter())
                client.get(running.ready["user_pixel_url"], headers={"User-Agent": _BROWSER}).raise_for_status()
                due += PROBE_SECONDS
                time.sleep(max(0.0, due - time.perf_counter()))

    def look() -> None:
        with httpx.Client(headers=running.user_agent_headers, timeout=30) as client:
            while not is_over.is_set() or len(counted) < len(sent):
                found = _opens(client, running) - before
                counted.extend([time.perf_counter()] * (found - len(counted)))
                time.sleep(0.02)

    def phase(work: Callable[[], None]) -> tuple[Seen, float]:
        seen, first, started = Seen(), len(sent), time.monotonic()
        thread = threading.Thread(target=_watch_memory, args=(running, seen, stop := threading.Event()))
        thread.start()
        try:
            work()
        finally:
            seconds, last = time.monotonic() - started, len(sent)
            stop.set()
            thread.join()
        deadline = time.monotonic() + 120
        while len(counted) < last:
            if time.monotonic() > deadline:
                raise BenchmarkError(f"{last - len(counted)} opens were not counted within 120 s")
            time.sleep(0.1)
        seen.lag_ms = [(counted[n] - sent[n]) * 1000 for n in range(first, last)]
        return seen, seconds

    threads = [threading.Thread(target=work, daemon=True) for work in (send, look)]
    for thread in threads:
        thread.start()
    try:
        yield phase
    finally:
        is_over.set()
        for thread in threads:
            thread.join(60)


def _watch_memory(running: Product, seen: Seen, stop: threading.Event) -> None:
    engine: psutil.Process = running.process("clickhouse")
    while True:
        seen.memory_mb.append(memory_mb([engine, *engine.children(recursive=True)]))
        if stop.wait(0.5):
            return


def _opens(client: httpx.Client, running: Product) -> int:
    answer = client.get(f"{running.ready['api_url']}/api/tracking/my-stats").raise_for_status().json()
    return int(answer["today"]["opens"] + answer["notCounted"]["opens"])
