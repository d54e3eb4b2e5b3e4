"""Verifying and rebuilding as an operator does it: with the store held, progress shown, and a report to read."""

import dataclasses
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.errors import BadInputError
from app.settings import Settings
from app.store.base import utc_now
from app.store.database import Database
from app.store.holds import hold_store
from app.tracking.zone_check import compare_sources, lines
from clickhouse.client import ClickHouse
from clickhouse.rebuild import Progress as RebuildProgress
from clickhouse.rebuild import rebuild
from clickhouse.verify import Report, verify
from clickhouse.views import read_views

_STATEMENT_SECONDS = 60.0
"""For the small statements; those that read or remake whole months have no limit but Ctrl-C."""
_SHOWN_DRIFTS = 50


async def verify_log(settings: Settings, *, as_json: bool) -> bool:
    """Verify all views, print the report, and return whether they are clean."""
    said = Console(stderr=True)
    async with _stores(settings) as (clickhouse, database):
        with said.status("waiting for the store to finish its block") as status:
            report = await verify(
                clickhouse,
                hold=hold_store(database),
                on_progress=lambda check, step: status.update(f"{check} {step}"),
            )
            zones = await compare_sources(database, clickhouse, now=utc_now())
    console = Console()
    if as_json:
        content = dataclasses.asdict(report) | {"is_clean": report.is_clean, "zones": dataclasses.asdict(zones)}
        console.file.write(json.dumps(content, indent=2) + "\n")
    else:
        _print(report, console)
        for line in lines(zones):
            console.print(line, highlight=False)
    return report.is_clean


async def rebuild_views(settings: Settings, *, views: Sequence[str] | None, months: Sequence[str] | None) -> None:
    """Rebuild the views under a hold, with a progress bar for each. Raises `BadInputError` for unknown names."""
    known = read_views()
    if unknown := [name for name in views or () if name not in known]:
        raise BadInputError(f"There is no view {unknown[0]}; there are {', '.join(known)}.")
    if wrong := [month for month in months or () if not re.fullmatch(r"\d{4}(0[1-9]|1[0-2])", month)]:
        raise BadInputError(f"{wrong[0]} is not a month like 202511.")
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[what]}"),
        TimeElapsedColumn(),
    )
    async with _stores(settings) as (clickhouse, database):
        with Progress(*columns, console=Console(stderr=True)) as bars:
            bar_of: dict[str, TaskID] = {}

            def show(progress: RebuildProgress) -> None:
                if progress.view not in bar_of:
                    bar_of[progress.view] = bars.add_task(progress.view, total=progress.total, what="")
                bars.update(bar_of[progress.view], completed=progress.done, what=progress.what or "done")

            await rebuild(
                clickhouse,
                hold=hold_store(database),
                views=views,
                months=[int(month) for month in months] if months else None,
                on_progress=show,
            )


@asynccontextmanager
async def _stores(settings: Settings) -> AsyncIterator[tuple[ClickHouse, Database]]:
    database = Database(settings.database_url.get_secret_value())
    try:
        clickhouse = await ClickHouse.connect(
            settings.clickhouse_url.get_secret_value(), timeout_seconds=_STATEMENT_SECONDS
        )
        try:
            yield clickhouse, database
        finally:
            await clickhouse.close()
    finally:
        await database.dispose()


def _print(report: Report, console: Console) -> None:
    """Print the report for a person: one line for each check, then the differences."""
    table = Table(title=f"{report.events:,} events and {report.drops:,} drops recounted", title_justify="left")
    for heading, justify in (("check", "left"), ("finds", "left"), ("differences", "right"), ("seconds", "right")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for checked in report.checked:
        found = sum(drift.view == checked.name for drift in report.drifts)
        table.add_row(checked.name, checked.finds, f"{found or '0'}", f"{checked.seconds:.2f}")
    console.print(table)
    if report.is_clean:
        console.print("[green]Every view is what the log says.[/green]")
        return
    drifts = Table(title="differences", title_justify="left")
    for heading in ("view", "key", "expected", "found"):
        drifts.add_column(heading, overflow="fold")
    for drift in report.drifts[:_SHOWN_DRIFTS]:
        drifts.add_row(drift.view, drift.key, drift.expected, drift.found)
    console.print(drifts)
    if len(report.drifts) > _SHOWN_DRIFTS:
        console.print(f"… and {len(report.drifts) - _SHOWN_DRIFTS} more; --json prints all that were found")
    console.print("[red]Views differ from the log.[/red] Remake them with `heliograph rebuild`.")
