"""Deleting what is older than an organisation keeps: from the log, from its ids, and from every view of it.

Rows are deleted by whole UTC days, because a visitor's id belongs to one. ClickHouse deletes in the background, of
each table what was there when it was asked (`mutations`). So the store is held only while all tables are asked: what
comes later is in none of the deletions, and log, ids and views agree about it (ADR 0015).
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from uuid import UUID

from clickhouse.client import MAINTENANCE_SECONDS, ClickHouse
from clickhouse.closed_days import TIME_COLUMNS
from clickhouse.mutations import until_none_is_under_way
from clickhouse.shadow import ANY_SIZE
from clickhouse.sql_files import read_command
from clickhouse.views import read_views

BeganMs = Sequence[int]
"""When runs of collectors began, in milliseconds since the epoch: where counts of deleted hits are cut."""

ROWS_PER_CHUNK = 4_000_000
"""About how many rows are deleted at once: their ids are compared in a hash set, some 200 MB. Each chunk writes its
month anew, so there should be few."""
LOG = ("drops", "events", "reclassifications")
BEGINNING = date(1970, 1, 1)
_DAY = timedelta(days=1)
TIME_COLUMN = "bucket_at"
"""What every view calls its time; `view_columns` fails for one that does not."""


@dataclass(frozen=True, slots=True)
class Day:
    """Rows of the log of one UTC day."""

    day: date
    events: int
    drops: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Days of one month that are deleted at once."""

    days: tuple[Day, ...]

    @property
    def first(self) -> date:
        """First UTC day."""
        return self.days[0].day

    @property
    def last(self) -> date:
        """Last UTC day, included."""
        return self.days[-1].day

    @property
    def month(self) -> int:
        """The partition the days are in, like 202511."""
        return self.first.year * 100 + self.first.month

    @property
    def events(self) -> int:
        """Events in it."""
        return sum(day.events for day in self.days)

    @property
    def drops(self) -> int:
        """Drops in it."""
        return sum(day.drops for day in self.days)


async def plan(clickhouse: ClickHouse, organisation_id: UUID, *, before: date, since: date = BEGINNING) -> list[Day]:
    """Return the days from `since` up to before `before` of which anything of this organisation is left.

    Days of which only a correction is left, or something in a view, are named too: what a run that was killed has
    left, or a count of closed days that was under way.
    """
    span = _span(organisation_id, since, before)
    days = {day.day: day for day in await log_days(clickhouse, organisation_id, before=before, since=since)}
    for table, column in (TIME_COLUMNS | await view_columns(clickhouse)).items():
        sql = read_command("retention_left_behind", table=table, column=column)
        for row in await clickhouse.select(sql, span, timeout_seconds=MAINTENANCE_SECONDS):
            days.setdefault(row["day"], Day(row["day"], 0, 0))
    return sorted(days.values(), key=lambda day: day.day)


async def log_days(clickhouse: ClickHouse, organisation_id: UUID, *, before: date, since: date) -> list[Day]:
    """Return the days of which the log holds something of this organisation, if only a correction."""
    rows = await clickhouse.select(
        read_command("retention_plan"),
        _span(organisation_id, since, before),
        timeout_seconds=MAINTENANCE_SECONDS,
    )
    return [Day(row["day"], row["events"], row["drops"]) for row in rows]


def chunks(days: Iterable[Day], *, rows: int = ROWS_PER_CHUNK) -> Iterator[Chunk]:
    """Cut days into chunks of one month and about so many rows; one day is never cut."""
    waiting: list[Day] = []
    for day in days:
        total = sum(it.events + it.drops for it in waiting)
        is_other_month = bool(waiting) and (waiting[0].day.year, waiting[0].day.month) != (day.day.year, day.day.month)
        if waiting and (is_other_month or total + day.events + day.drops > rows):
            yield Chunk(tuple(waiting))
            waiting = []
        waiting.append(day)
    if waiting:
        yield Chunk(tuple(waiting))


async def prepare(clickhouse: ClickHouse) -> str:
    """Make the tables into which the log of a month is cloned, still empty; return the name of their database.

    The caller excludes other maintenance, but need not hold the store. Deletions of a run that was killed are waited
    for: they may fail, and be given up, only before new ones are asked for.
    """
    await until_none_is_under_way(clickhouse)
    clone = f"{_clone_prefix(clickhouse)}{time.time_ns()}"
    await clickhouse.command(read_command("create_database", database=clone))
    for table in LOG:
        await clickhouse.command(read_command("retention_clone_table", clone=clone, table=table))
    return clone


async def ask(clickhouse: ClickHouse, organisation_id: UUID, chunk: Chunk, clone: str) -> None:
    """Ask ClickHouse to delete what there is of a chunk now, and return; the caller holds the store.

    The log is asked last: whoever repeats this after a crash finds in it what was not asked for.
    """
    for table in LOG:
        sql = read_command(
            "retention_clone_month", clone=clone, table=table, live=clickhouse.database, month=chunk.month
        )
        await clickhouse.command(sql)
    span = _span(organisation_id, chunk.first, chunk.last + _DAY)
    await clickhouse.command(read_command("deletion_ask"), span | {"name": clone})

    def rows(table: str, column: str) -> str:
        return read_command("retention_delete_rows", table=table, column=column, month=chunk.month)

    derived = (TIME_COLUMNS | await view_columns(clickhouse)).items()
    await _side_by_side(
        clickhouse,
        span,
        [read_command("retention_delete_ids", clone=clone), *(rows(table, column) for table, column in derived)],
    )
    await _side_by_side(clickhouse, span, [rows(table, "at") for table in LOG])


async def finish(clickhouse: ClickHouse, clone: str, *, began_ms: BeganMs) -> None:
    """Wait until all that was asked for is deleted, count it, then drop the clone, which the deletion of ids reads.

    Raises `MutationFailedError` if it cannot be deleted.
    """
    await until_none_is_under_way(clickhouse)
    await _end(clickhouse, clone, began_ms)


async def view_columns(clickhouse: ClickHouse) -> dict[str, str]:
    """Return the views that hold rows of organisations by time, each with its column of time.

    Raises `LookupError` for a view nobody could delete from: retention would leave rows of it behind.
    """
    found: dict[str, str] = {}
    for view in read_views().values():
        if not view.is_partitioned:
            continue  # `event_ids`: its rows go by their ids
        rows = await clickhouse.select(read_command("describe_table"), {"table": view.name})
        names = {row["name"] for row in rows}
        if not {TIME_COLUMN, "organisation_id"} <= names:
            raise LookupError(f"{view.name} has no organisation_id or no {TIME_COLUMN}")
        found[view.name] = TIME_COLUMN
    return found


async def clones(clickhouse: ClickHouse) -> list[str]:
    """Return the clones there are: of the chunk that is being deleted, and of runs that were killed."""
    rows = await clickhouse.select(read_command("snapshots"), {"prefix": _clone_prefix(clickhouse)})
    return [row["name"] for row in rows]


async def drop_clones(clickhouse: ClickHouse, *, began_ms: BeganMs) -> None:
    """Drop what runs that were killed have left, and count what they have deleted. The caller excludes other runs."""
    await until_none_is_under_way(clickhouse)
    for clone in await clones(clickhouse):
        await _end(clickhouse, clone, began_ms)


def _clone_prefix(clickhouse: ClickHouse) -> str:
    return f"{clickhouse.database}_retention_"


async def _side_by_side(clickhouse: ClickHouse, span: Mapping[str, object], statements: Iterable[str]) -> None:
    async with asyncio.TaskGroup() as tasks:
        for sql in statements:
            tasks.create_task(clickhouse.command(sql, span))


async def _end(clickhouse: ClickHouse, clone: str, began_ms: BeganMs) -> None:
    """Count what was deleted, once, and drop the clone: until then it tells what there was."""
    for asked in await clickhouse.select(read_command("deletion_asked"), {"name": clone}):
        if not asked.pop("is_counted"):
            cuts = {"name": clone, "began_ms": sorted({0, *began_ms})}
            sql = read_command("deletion_count", clone=clone)
            await clickhouse.command(sql, asked | cuts, timeout_seconds=MAINTENANCE_SECONDS)
    await clickhouse.command(read_command("drop_database", database=clone), settings=ANY_SIZE)


def _span(organisation_id: UUID, since: date, before: date) -> dict[str, object]:
    return {"organisation_id": organisation_id, "from_at": _midnight(since), "until_at": _midnight(before)}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, clock_time(), UTC)
