"""T4: a thousand pages are open on one process while two thousand opens a second come in: of fifty people, then of
a thousand, who are harder because each has numbers of their own.

Every open is measured: the load knows how many opens of each person were answered and when, an update holds absolute
counts, so the n-th open has arrived when an update says n or more. From the answered GIF to the parsed event.
"""

import asyncio
import time
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from sqlalchemy import select

from app.identity.service import create_api_key, create_user
from app.store.database import Database
from app.tracking.models import UserToken
from benchmarks.processes import BenchmarkError, memory_mb
from benchmarks.product import Product, product
from benchmarks.report import Report, percentile

CLIENTS = 1_000
PEOPLE = (50, 1_000)
OPENS_PER_SECOND = 2_000
CONNECTIONS = 16
TARGET_MS = 500
ENVIRONMENT = {"BEHAVIOUR_MANY_TOKENS": "0", "BEHAVIOUR_BURST": "0"}
"""This load is a machine, as the rules across hits would find."""


class Person:
    """Somebody whose signature is opened: when each open was answered."""

    def __init__(self, number: int, token: str, key: str) -> None:
        self.token, self.key = token, key
        self.agent = f"Mozilla/5.0 (X11; Linux x86_64; rv:{100 + number}.0) Gecko/20100101 Firefox/{100 + number}.0"
        self.answered: list[float] = []


class Page:
    """An open page of a person: how many of their opens it has shown."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.shown = 0
        self.is_connected = False

    @property
    def is_complete(self) -> bool:
        return self.is_connected and self.shown >= len(self.person.answered)


def run(report: Report, work: Path) -> None:
    """Watch for five minutes (quick: 15 s) and add the rows."""
    seconds = 15.0 if report.is_quick else 300.0
    for people in PEOPLE:
        folder = work / str(people)
        folder.mkdir()
        with product(folder, env=ENVIRONMENT) as running:
            asyncio.run(_run(report, running, people, seconds))


async def _run(report: Report, running: Product, count: int, seconds: float) -> None:
    people = await _make_people(running, count)
    pages = [Page(people[number % count]) for number in range(CLIENTS)]
    latencies: list[float] = []
    tasks = [asyncio.create_task(_watch(running, page, latencies)) for page in pages]
    await _until(lambda: all(page.is_connected for page in pages), 120, "not every page got its snapshot")
    for person in people[:20]:  # alone, one after the other
        await _open_one(running, person)
        await _until(lambda: all(page.is_complete for page in pages), 30, "an open did not arrive")
    alone, latencies[:] = list(latencies), []
    api = running.process("api")
    memory = [memory_mb([api])]
    started = time.monotonic()
    load = asyncio.create_task(_load(running, people, seconds))
    while not load.done():
        await asyncio.sleep(1)
        memory.append(memory_mb([api]))
    await load
    took = time.monotonic() - started
    total = sum(len(person.answered) for person in people)
    await _until(lambda: all(page.is_complete for page in pages), 120, "the pages did not get everything")
    wrong = sum(page.shown != len(page.person.answered) for page in pages)
    for task in tasks:
        task.cancel()
    fifth = max(1, len(memory) // 5)
    early, late = sum(memory[fifth : 2 * fifth]) / fifth, sum(memory[-fifth:]) / fifth
    report.trials[f"latency_ms_{count}"] = [percentile(latencies, share) for share in (0.5, 0.9, 0.95, 0.99, 1.0)]
    report.trials[f"memory_mb_{count}"] = list(memory)
    p50, p99 = percentile(latencies, 0.5), percentile(latencies, 0.99)
    report.add(
        f"GIF → event in the browser, {CLIENTS:,} pages of {count:,} people, {total / took:,.0f} opens/s, {took:.0f} s",
        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms",
        target=f"p99 < {TARGET_MS} ms",
        beside=f"one open and nothing else going on: p50 {percentile(alone, 0.5):.0f} ms",
        met=p99 < TARGET_MS,
    )
    report.add(
        f"pages of {count:,} people whose last number is not what was answered",
        f"{wrong} of {CLIENTS:,}, {total:,} opens",
        target="0",
        met=wrong == 0,
    )
    report.add(
        f"memory of the api meanwhile ({count:,} people): at the start, second fifth → last fifth",
        f"{memory[0]:.0f} MB, {early:.0f} → {late:.0f} MB",
        target="flat",
        met=late < 1.1 * early + 10,
    )


async def _make_people(running: Product, count: int) -> list[Person]:
    database = Database(running.ready["database_url"])
    people = []
    async with database.session() as session:
        for number in range(count):
            user = await create_user(
                session,
                organisation_id=UUID(running.ready["organisation_id"]),
                email=f"watcher-{number}@bench.test",
                name=f"Watcher {number}",
            )
            people.append((user, await create_api_key(session, user, "bench")))
    async with database.reading() as session:
        found = await session.execute(select(UserToken.user_id, UserToken.token))
        tokens = dict(row._tuple() for row in found)
    await database.dispose()
    return [Person(number, tokens[user.id], key) for number, (user, key) in enumerate(people)]


async def _watch(running: Product, page: Page, latencies: list[float]) -> None:
    """Read events for ever; the time of an open is taken when its event has been parsed."""
    url = urlsplit(running.ready["api_url"])
    reader, writer = await asyncio.open_connection(url.hostname, url.port, limit=2**20)
    writer.write(
        f"GET /api/stream HTTP/1.1\r\nHost: {url.netloc}\r\nAuthorization: Bearer {page.person.key}\r\n\r\n".encode()
    )
    while line := await reader.readline():
        if not line.startswith(b"data: "):
            continue
        opens = orjson.loads(line[6:])["data"]["today"]["opens"]
        now = time.monotonic()
        latencies.extend((now - at) * 1000 for at in page.person.answered[page.shown : opens])
        page.shown = max(page.shown, opens)
        page.is_connected = True
    raise BenchmarkError("a stream ended")


async def _load(running: Product, people: list[Person], seconds: float) -> None:
    """Open signatures one person after the other, over a few connections, at the rate."""
    per_connection = OPENS_PER_SECOND / CONNECTIONS

    async def drive(mine: list[Person], offset: float) -> None:
        url = urlsplit(running.ready["collector_url"])
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        begin = time.monotonic() + offset
        for number in range(int(seconds * per_connection)):
            if (wait := begin + number / per_connection - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            await _get(reader, writer, url.netloc, mine[number % len(mine)])
        writer.close()

    await asyncio.gather(*(drive(people[n::CONNECTIONS], n / OPENS_PER_SECOND) for n in range(CONNECTIONS)))


async def _get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, person: Person) -> None:
    path = f"/api/t/u/{person.token}.gif"
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {person.agent}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise BenchmarkError(f"the pixel answered {head[:60]!r}")
    await reader.readexactly(43)
    person.answered.append(time.monotonic())


async def _open_one(running: Product, person: Person) -> None:
    url = urlsplit(running.ready["collector_url"])
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    await _get(reader, writer, url.netloc, person)
    writer.close()


async def _until(condition: object, seconds: float, complaint: str) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise BenchmarkError(complaint)
        await asyncio.sleep(0.02)
