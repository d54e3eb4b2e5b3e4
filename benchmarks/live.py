"""T4: a thousand people watch their own page on one process while two thousand opens a second come in.

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
OPENS_PER_SECOND = 2_000
CONNECTIONS = 16
TARGET_MS = 500
ENVIRONMENT = {"BEHAVIOUR_MANY_TOKENS": "0", "BEHAVIOUR_BURST": "0"}
"""This load is a machine, as the rules across hits would find."""


class Person:
    """Somebody who watches: when each open was answered, and how many of them the page has shown."""

    def __init__(self, number: int, token: str, key: str) -> None:
        self.token, self.key = token, key
        self.agent = f"Mozilla/5.0 (X11; Linux x86_64; rv:{100 + number}.0) Gecko/20100101 Firefox/{100 + number}.0"
        self.answered: list[float] = []
        self.shown = 0
        self.is_connected = False


def run(report: Report, work: Path) -> None:
    """Watch for five minutes (quick: 15 s) and add the rows."""
    seconds = 15.0 if report.is_quick else 300.0
    with product(work, env=ENVIRONMENT) as running:
        asyncio.run(_run(report, running, seconds))


async def _run(report: Report, running: Product, seconds: float) -> None:
    people = await _make_people(running)
    latencies: list[float] = []
    tasks = [asyncio.create_task(_watch(running, person, latencies)) for person in people]
    await _until(lambda: all(person.is_connected for person in people), 120, "not every client got its snapshot")
    for person in people[:20]:  # alone, one after the other
        await _open_one(running, person)
        await _until(lambda person=person: person.shown >= len(person.answered), 30, "an open did not arrive")
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
    everything = "the clients did not get everything"
    await _until(lambda: all(person.shown >= len(person.answered) for person in people), 120, everything)
    wrong = sum(person.shown != len(person.answered) for person in people)
    for task in tasks:
        task.cancel()
    fifth = max(1, len(memory) // 5)
    early, late = sum(memory[fifth : 2 * fifth]) / fifth, sum(memory[-fifth:]) / fifth
    report.trials["latency_ms"] = [percentile(latencies, share) for share in (0.5, 0.9, 0.95, 0.99, 1.0)]
    report.trials["memory_mb"] = list(memory)
    p50, p99 = percentile(latencies, 0.5), percentile(latencies, 0.99)
    report.add(
        f"GIF → event in the browser, {CLIENTS:,} people watching, {total / took:,.0f} opens/s, {took / 60:.1f} min",
        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms",
        target=f"p99 < {TARGET_MS} ms",
        beside=f"one open and nothing else going on: p50 {percentile(alone, 0.5):.0f} ms",
        met=p99 < TARGET_MS,
    )
    report.add(
        "clients whose last number is not what was answered to them",
        f"{wrong} of {CLIENTS:,}, {total:,} opens",
        target="0",
        met=wrong == 0,
    )
    report.add(
        "memory of the api meanwhile: at the start, second fifth → last fifth",
        f"{memory[0]:.0f} MB, {early:.0f} → {late:.0f} MB",
        target="flat",
        met=late < 1.1 * early + 10,
    )


async def _make_people(running: Product) -> list[Person]:
    database = Database(running.ready["database_url"])
    people = []
    async with database.session() as session:
        for number in range(CLIENTS):
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


async def _watch(running: Product, person: Person, latencies: list[float]) -> None:
    """Read events for ever; the time of an open is taken when its event has been parsed."""
    url = urlsplit(running.ready["api_url"])
    reader, writer = await asyncio.open_connection(url.hostname, url.port, limit=2**20)
    writer.write(
        f"GET /api/stream HTTP/1.1\r\nHost: {url.netloc}\r\nAuthorization: Bearer {person.key}\r\n\r\n".encode()
    )
    while line := await reader.readline():
        if not line.startswith(b"data: "):
            continue
        opens = orjson.loads(line[6:])["data"]["today"]["opens"]
        now = time.monotonic()
        latencies.extend((now - at) * 1000 for at in person.answered[person.shown : opens])
        person.shown = max(person.shown, opens)
        person.is_connected = True
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
