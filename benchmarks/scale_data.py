"""The log of `benchmarks.scale`: millions of events that ClickHouse writes itself, through the real tables and views.

Who opens what and when follows from an event's number alone, and the last whole block is remembered. A build
that was stopped begins that block anew, after deleting what there was of it.
"""

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.campaigns.models import Campaign, CampaignPixel, CampaignRun
from app.identity.models import Organisation, User
from app.identity.service import create_api_key
from app.store.database import Database
from app.store.migrate import upgrade_database
from app.tracking.calendar import cuts_of
from app.tracking.models import OrganisationSettings
from app.tracking.zone_data import zone
from benchmarks.scale_people import ORGANISATIONS, SLOTS, Person, organisation_id, people, slots, zone_of
from clickhouse.client import MAINTENANCE_SECONDS, ClickHouse
from clickhouse.closed_days import close_days
from clickhouse.migrate import migrate
from clickhouse.rebuild import rebuild
from clickhouse.sql_files import fill
from clickhouse.views import read_views

SQL = Path(__file__).with_name("sql")
DAYS = 90
ROWS_PER_BLOCK = 1_000_000
CAMPAIGN_ID = UUID(int=1 << 64)
"""One of the five whose pixels the largest organisation's people have (see `scale_fill`)."""
KEYS = 40
"""People of the largest organisation that the benchmark asks as, from the most opened to the least."""
_IN_ONE_BLOCK = {
    "insert_deduplicate": 0,
    "max_insert_threads": 1,
    "max_block_size": 262_144,
    "min_insert_block_size_rows": ROWS_PER_BLOCK,
    "min_insert_block_size_bytes": 0,
}

Say = Callable[[str], None]


class Progress:
    """What `state.json` remembers: the log's last moment, blocks that are whole, keys, and what took how long."""

    def __init__(self, path: Path, *, events: int) -> None:
        self._path = path
        known = json.loads(path.read_text()) if path.exists() else {}
        self.now = datetime.fromisoformat(known["now"]) if known else datetime.now(UTC).replace(microsecond=0)
        self.events = events
        self.done: int = known.get("done", 0)
        self.keys: list[str] = known.get("keys", [])
        self.is_complete: bool = known.get("is_complete", False)
        self.seconds: dict[str, float] = known.get("seconds", {})

    def save(self) -> None:
        """Write it down."""
        content = {name: getattr(self, name) for name in ("events", "done", "keys", "is_complete", "seconds")}
        self._path.write_text(json.dumps(content | {"now": self.now.isoformat()}))


async def build(clickhouse_url: str, database_url: str, progress: Progress, say: Say) -> None:
    """Make everything that is not there yet."""
    if progress.is_complete:
        say(f"{progress.events:,} events are there")
        return
    await upgrade_database(database_url)
    await migrate(clickhouse_url, dedup_window_blocks=100, hold=_no_hold, say=say)
    clickhouse = await ClickHouse.connect(clickhouse_url, timeout_seconds=MAINTENANCE_SECONDS)
    try:
        await _timed(progress, "relational rows", say, _people(database_url, progress))
        await _timed(progress, "events", say, write_events(clickhouse, progress, people(), say))
        await _timed(progress, "corrections", say, _corrections(clickhouse, progress))
        await _timed(progress, "closed days", say, _closed_days(clickhouse, progress, say))
    finally:
        await clickhouse.close()
    progress.is_complete = True
    progress.save()


def statement(name: str) -> str:
    """Return a statement of the benchmark's own."""
    return (SQL / f"{name}.sql").read_text().strip().rstrip(";")


async def _timed(progress: Progress, name: str, say: Say, work: Awaitable[None]) -> None:
    started = time.monotonic()
    await work
    progress.seconds[name] = round(progress.seconds.get(name, 0) + time.monotonic() - started, 1)
    progress.save()
    say(f"{name}: {progress.seconds[name]:.0f} s")


async def _people(database_url: str, progress: Progress) -> None:
    if progress.keys:
        return
    everybody = people()
    database = Database(database_url)
    async with database.session() as session:
        for number in range(ORGANISATIONS):
            id_ = organisation_id(number)
            session.add(Organisation(id=id_, name=f"Organisation {number}", time_zone=zone_of(number)))
        await session.flush()
        session.add_all(
            OrganisationSettings(organisation_id=organisation_id(number)) for number in range(ORGANISATIONS)
        )
        asked = []
        for person in everybody:
            user = User(
                id=person.user_id,
                organisation_id=person.organisation_id,
                email=f"user{person.rank}@organisation{person.organisation}.test",
                name=f"Person {person.rank}",
                role="member" if person.rank else "owner",
                department=f"Department {person.rank % 20}",
                time_zone=zone_of(person.organisation),
                locale="en",
                created_at=progress.now - timedelta(days=DAYS + 30),
            )
            session.add(user)
            if person.organisation == 0 and person.rank % (2_000 // KEYS) == 0:
                asked.append(user)
        await session.flush()
        progress.keys = [await create_api_key(session, user, "benchmark", ("read",)) for user in asked]
        await add_campaign(session, progress.now)
    await database.dispose()
    progress.save()


async def add_campaign(session: AsyncSession, now: datetime) -> None:
    """Add a campaign of the largest organisation that has run for a month, for everybody, with two days of pause."""
    start = now - timedelta(days=30, hours=3, minutes=7)
    pause = start + timedelta(days=9), start + timedelta(days=11)
    session.add(
        Campaign(
            id=CAMPAIGN_ID,
            organisation_id=organisation_id(0),
            name="A month",
            state="active",
            created_at=start - timedelta(days=1),
        )
    )
    await session.flush()
    session.add_all(
        [
            CampaignRun(campaign_id=CAMPAIGN_ID, started_at=start, ended_at=pause[0]),
            CampaignRun(campaign_id=CAMPAIGN_ID, started_at=pause[1], ended_at=None),
        ]
    )
    session.add_all(
        CampaignPixel(
            organisation_id=person.organisation_id,
            campaign_id=CAMPAIGN_ID,
            user_id=person.user_id,
            department=f"Department {person.rank % 20}",
            created_at=start,
        )
        for person in people()
        if person.organisation == 0
    )


async def write_events(
    clickhouse: ClickHouse, progress: Progress, everybody: Sequence[Person], say: Say, *, days: int = DAYS
) -> None:
    """Write the events of `everybody`, evenly over the `days` before `progress.now`, from the last whole block on."""
    await clickhouse.command("DROP TABLE IF EXISTS scale_slots SYNC")
    await clickhouse.command(statement("scale_slots"))
    columns = slots(everybody, events=progress.events, days=days)
    await clickhouse.insert("scale_slots", columns, query_id="scale:slots", token=None)
    [there] = await clickhouse.select(statement("scale_done"))
    begin, span = progress.now - timedelta(days=days), timedelta(days=days)
    if there["events"] > progress.done:
        say("a block was begun: deleting it and remaking its months")
        await _delete_block(clickhouse, progress, begin, span)
    fixed = {
        "events": progress.events,
        "from_ms": int(begin.timestamp() * 1000),
        "span_ms": days * 86_400_000,
        "slots": SLOTS,
    }
    while progress.done < progress.events:
        started = time.monotonic()
        count = min(ROWS_PER_BLOCK, progress.events - progress.done)
        await clickhouse.command(
            statement("scale_fill"),
            fixed | {"first": progress.done, "count": count},
            settings=_IN_ONE_BLOCK,
            timeout_seconds=MAINTENANCE_SECONDS,
        )
        progress.done += count
        progress.save()
        say(f"{progress.done:,} of {progress.events:,}, {count / (time.monotonic() - started):,.0f}/s")


async def _delete_block(clickhouse: ClickHouse, progress: Progress, begin: datetime, span: timedelta) -> None:
    """Delete what there is of the block after the last whole one, from the log, ids and views."""
    for table in ("events", "event_ids"):
        await clickhouse.command(
            fill(statement("scale_delete_block"), table=table),
            {"block": f"scale:{progress.done}"},
            timeout_seconds=MAINTENANCE_SECONDS,
        )
    step = span / progress.events
    moments = [begin + step * number for number in (progress.done, progress.done + ROWS_PER_BLOCK)]
    months = sorted({moment.year * 100 + moment.month for moment in moments})
    partitioned = [view.name for view in read_views().values() if view.is_partitioned]
    await rebuild(clickhouse, hold=_no_hold(), views=partitioned, months=months)


async def _corrections(clickhouse: ClickHouse, progress: Progress) -> None:
    await clickhouse.command("TRUNCATE TABLE reclassifications")
    for day in _days(progress):
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        await clickhouse.command(
            statement("scale_corrections"), {"from_at": midnight}, timeout_seconds=MAINTENANCE_SECONDS
        )


async def _closed_days(clickhouse: ClickHouse, progress: Progress, say: Say) -> None:
    cuts = cuts_of({organisation_id(number): zone(zone_of(number)) for number in range(ORGANISATIONS)})
    for day in _days(progress):
        if day < progress.now.date():
            await close_days(clickhouse, cuts, from_date=day, until_date=day + timedelta(days=1))
    say("days are closed")


def _days(progress: Progress) -> list[date]:
    first = (progress.now - timedelta(days=DAYS)).date()
    return [first + timedelta(days=number) for number in range((progress.now.date() - first).days + 1)]


@asynccontextmanager
async def _no_hold() -> AsyncIterator[None]:
    """Nobody else inserts."""
    yield
