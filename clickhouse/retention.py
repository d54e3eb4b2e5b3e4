"""Deleting what is older than an organisation keeps: from the log, from its ids, and from every view of it.

Rows are deleted by whole UTC days, because a visitor's id belongs to one. The order makes it
safe to be killed: ids and views go first, the log last, so that whoever repeats it finds in the log what is left.
Nothing may be inserted meanwhile: the caller holds the store.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from clickhouse.client import MAINTENANCE_SECONDS, ClickHouse
from clickhouse.closed_days import TIME_COLUMNS
from clickhouse.sql_files import read_command
from clickhouse.views import read_views

ROWS_PER_CHUNK = 400_000
"""About how many rows are deleted under one hold. With five times as many a hold took 8 to 12 s on two busy cores."""
LOG = ("drops", "events", "reclassifications")
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


async def plan(clickhouse: ClickHouse, organisation_id: UUID, *, before: date) -> list[Day]:
    """Return the days before `before` of which the log holds something of this organisation, if only a correction."""
    rows = await clickhouse.select(
        read_command("retention_plan"),
        {"organisation_id": organisation_id, "before_at": _midnight(before)},
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


async def delete_derived(clickhouse: ClickHouse, organisation_id: UUID, chunk: Chunk) -> None:
    """Delete the ids, the views' rows and what was counted of a chunk. Idempotent; the log still holds it."""
    span = _span(organisation_id, chunk)
    statements = [
        read_command("retention_delete_rows", table=view, column=column, month=chunk.month)
        for view, column in (TIME_COLUMNS | await view_columns(clickhouse)).items()
    ]
    # side by side: ClickHouse takes about a second for each, however little there is to delete, and ingest waits
    async with asyncio.TaskGroup() as tasks:
        for sql in (read_command("retention_delete_ids"), *statements):
            tasks.create_task(_command(clickhouse, sql, span))


async def delete_log(clickhouse: ClickHouse, organisation_id: UUID, chunk: Chunk) -> None:
    """Delete the rows of the log of a chunk, whose ids and view rows are gone already. Idempotent."""
    span = _span(organisation_id, chunk)
    async with asyncio.TaskGroup() as tasks:
        for table in LOG:
            sql = read_command("retention_delete_rows", table=table, column="at", month=chunk.month)
            tasks.create_task(_command(clickhouse, sql, span))


async def reclaim(clickhouse: ClickHouse) -> None:
    """Write the months of log and views that hide deleted rows anew without them, also those of a run that was killed.

    Needs no hold: what is read stays the same. Costs as much as merging those months.
    """
    tables = [*LOG, *TIME_COLUMNS, *await view_columns(clickhouse)]
    for row in await clickhouse.select(read_command("retention_hidden"), {"tables": tables}):
        await _command(clickhouse, read_command("retention_reclaim", table=row["table"], month=row["month"]), {})


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


async def _command(clickhouse: ClickHouse, sql: str, parameters: Mapping[str, object]) -> None:
    await clickhouse.command(sql, parameters, timeout_seconds=MAINTENANCE_SECONDS)


def _span(organisation_id: UUID, chunk: Chunk) -> dict[str, object]:
    return {
        "organisation_id": organisation_id,
        "from_at": _midnight(chunk.first),
        "until_at": _midnight(chunk.last + timedelta(days=1)),
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
