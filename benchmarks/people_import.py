"""Importing people from a CSV file into SQLite: time, memory, and how long somebody who signs in meanwhile waits."""

import asyncio
import csv
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from app.audit.service import SYSTEM
from app.identity.caller import start_session
from app.identity.models import Organisation, User
from app.identity.service import bootstrap_organisation
from app.people.importing.importer import Importer, ImportOptions
from app.people.importing.plan import Sender
from app.people.importing.schemas import ImportResult
from app.store.base import utc_now
from app.store.database import Database
from app.store.migrate import upgrade_database
from benchmarks.report import Report, percentile

TARGET_SECONDS = 60.0
_SIGN_IN_EVERY_SECONDS = 0.02
_PAGE_BYTES = 4096


def run(report: Report, work: Path) -> None:
    """Import, import again, and compare with the least a program could do; add the rows."""
    people = 5_000 if report.is_quick else 100_000
    file = work / "people.csv"
    _write(file, people)
    plain = _plain(file, work / "plain.db")
    first, again, waits, memory = asyncio.run(_imported(file, f"sqlite+aiosqlite:///{work}/heliograph.db"))
    report.trials["people_import"] = [
        {"people": people, "plain_s": plain, "first_s": first, "again_s": again, "rss_mb": memory}
    ]
    report.trials["sign_in_wait_s"] = list(waits)
    report.add(
        f"import of {people:,} people, with a token and an audit entry each",
        f"{first:.1f} s",
        target=f"< {TARGET_SECONDS:.0f} s",
        beside=f"csv and one bulk insert of the people alone, unchecked: {plain:.1f} s",
        met=first < TARGET_SECONDS,
    )
    report.add(f"the same file again: {people:,} unchanged", f"{again:.1f} s", beside="no transaction that writes")
    report.add(
        "a sign-in's write during the import",
        f"p50 {percentile(waits, 0.5) * 1000:.0f} ms, p99 {percentile(waits, 0.99) * 1000:.0f} ms",
        beside=f"{len(waits)} of them, longest {max(waits) * 1000:.0f} ms",
    )
    growth = memory[-1] - memory[len(memory) // 4]
    report.add(
        "memory at a quarter of the file and at its end",
        f"{memory[len(memory) // 4]:.0f} and {memory[-1]:.0f} MB",
        target="flat",
        beside=f"the file has {file.stat().st_size / 2**20:.1f} MB",
        met=growth < 16,
    )


def _write(file: Path, people: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["email", "name", "department", "job title", "phone", "time zone", "locale"])
        for number in range(people):
            department, zone = f"Department {number % 40}", ("Asia/Riyadh", "Europe/Berlin")[number % 2]
            name, phone = f"Person Number{number} محمد", f"+966 5 {number:07}"
            rows.writerow([f"p{number}@acme.test", name, department, "Engineer", phone, zone, "ar"])


def _plain(file: Path, path: Path) -> float:
    """Return the seconds the least one could do takes: read, and insert with one statement."""
    began = time.perf_counter()
    with sqlite3.connect(path) as store, file.open(encoding="utf-8", newline="") as opened:
        store.execute("PRAGMA journal_mode = WAL")
        store.execute("CREATE TABLE users (id TEXT PRIMARY KEY, e TEXT UNIQUE, n, d, j, p, t, l)")
        rows = csv.reader(opened)
        next(rows)
        store.executemany("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ([uuid4().hex, *row] for row in rows))
    return time.perf_counter() - began


async def _imported(file: Path, url: str) -> tuple[float, float, list[float], list[float]]:
    await upgrade_database(url)
    database = Database(url)
    try:
        async with database.session() as session:
            organisation = await bootstrap_organisation(
                session, name="Acme", owner_email="owner@acme.test", owner_name="Olga", time_zone="UTC"
            )
            owner = (await session.scalars(select(User))).one()
        waits: list[float] = []
        memory: list[float] = []
        signing_in = asyncio.create_task(_signing_in(database, owner, waits))
        began = time.perf_counter()
        await _import(database, organisation, file, on_progress=lambda _: memory.append(_memory_mb()))
        first = time.perf_counter() - began
        signing_in.cancel()
        began = time.perf_counter()
        result = await _import(database, organisation, file, on_progress=lambda _: None)
        assert result.unchanged == result.rows
        return first, time.perf_counter() - began, waits, memory
    finally:
        await database.dispose()


async def _import(
    database: Database, organisation: Organisation, file: Path, *, on_progress: Callable[[int], None]
) -> ImportResult:
    async def pieces() -> AsyncIterator[bytes]:
        with file.open("rb") as opened:
            while piece := opened.read(2**16):
                yield piece

    importer = Importer(
        database,
        organisation,
        sender=Sender(None, is_owner=True),
        actor=SYSTEM,
        now=utc_now(),
        options=ImportOptions(),
        on_progress=on_progress,
    )
    return await importer.run(pieces())


async def _signing_in(database: Database, owner: User, waits: list[float]) -> None:
    while True:
        began = time.perf_counter()
        async with database.session() as session:
            await start_session(session, owner, days=1, user_agent="benchmark")
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(_SIGN_IN_EVERY_SECONDS)


def _memory_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_BYTES / 2**20
