"""Recounting every view from the log, row by row, and saying where they differ.

Rows reach the log and its views one after the other, so comparing while the store inserts would report differences
that are none. The store is held only for the moment in which all tables are cloned (hard links, no copy); the
recount reads the clones, while the store goes on.
"""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from clickhouse.client import MAINTENANCE_SECONDS, ClickHouse
from clickhouse.closed_days import TABLES
from clickhouse.mutations import until_none_is_under_way
from clickhouse.rebuild import Hold
from clickhouse.sql_files import CHECKS, read_check, read_command
from clickhouse.views import read_views

ROWS_PER_STEP = 100
"""Differences reported for each check and month or slice; one is enough to fail."""
_IDS_PER_SLICE = 4_000_000
_LEFT_BEHIND_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Drift:
    """One key of one view that is not what the log says."""

    view: str
    key: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Checked:
    """One check that was made: in how many steps, and how long it took."""

    name: str
    finds: str
    steps: int
    seconds: float


@dataclass(slots=True)
class Report:
    """What was checked, of how many rows, and every difference found (at most `ROWS_PER_STEP` for each step)."""

    events: int = 0
    drops: int = 0
    reclassifications: int = 0
    checked: list[Checked] = field(default_factory=list)
    drifts: list[Drift] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether every view is what the log says."""
        return not self.drifts


async def verify(
    clickhouse: ClickHouse, *, hold: Hold, on_progress: Callable[[str, str], None] = lambda check, step: None
) -> Report:
    """Compare all views with the log as it was at one moment. `on_progress` is told (check, month or slice)."""
    async with _snapshot(clickhouse, hold) as snapshot:
        settings = {"database": snapshot}
        [stored] = await clickhouse.query("stored_counts", settings=settings)
        report = Report(stored["events"], stored["drops"], stored["reclassifications"])
        months = await clickhouse.select(read_command("months_of_database"), {"database": snapshot})
        slices = 1 + (report.events + report.drops + report.reclassifications) // _IDS_PER_SLICE
        steps: dict[str, list[dict[str, object]]] = {
            "month": [{"month": row["month"]} for row in months],
            "slice": [{"slice": slice_, "slices": slices} for slice_ in range(slices)],
        }
        for path in sorted(CHECKS.glob("*.sql")):
            check = read_check(path)
            started = time.monotonic()
            for parameters in steps[check.by]:
                on_progress(check.name, str(parameters[check.by]))
                rows = await clickhouse.select(
                    check.sql,
                    {**parameters, "limit": ROWS_PER_STEP},
                    settings=settings,
                    timeout_seconds=MAINTENANCE_SECONDS,
                )
                report.drifts += [Drift(check.name, row["key"], row["expected"], row["found"]) for row in rows]
            report.checked.append(
                Checked(check.name, check.finds, len(steps[check.by]), round(time.monotonic() - started, 3))
            )
    return report


@asynccontextmanager
async def _snapshot(clickhouse: ClickHouse, hold: Hold) -> AsyncIterator[str]:
    """Clone the log and all targets into a database of their own; yields its name, drops it at the end."""
    prefix = f"{clickhouse.database}_verify_"
    await _drop_left_behind(clickhouse, prefix)
    name = f"{prefix}{time.time_ns()}"
    await clickhouse.command(read_command("create_database", database=name))
    try:
        async with hold:
            await until_none_is_under_way(clickhouse)
            for table in ("events", "drops", "reclassifications", *TABLES, *read_views()):
                await clickhouse.command(read_command("snapshot_table", snapshot=name, table=table))
        yield name
    finally:
        await clickhouse.command(read_command("drop_database", database=name))


async def _drop_left_behind(clickhouse: ClickHouse, prefix: str) -> None:
    """Drop what a verification that was killed has left; a clone keeps old parts on disk."""
    for row in await clickhouse.select(read_command("snapshots"), {"prefix": prefix}):
        made_at = row["name"].removeprefix(prefix)
        if made_at.isdigit() and time.time() - int(made_at) / 1e9 > _LEFT_BEHIND_SECONDS:
            await clickhouse.command(read_command("drop_database", database=row["name"]))
