"""`heliograph users import`: people from a CSV file, with a preview, a progress bar and a report of errors."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from app import csv_out
from app.audit.service import SYSTEM
from app.identity.models import Organisation
from app.people.importing.cells import RowError
from app.people.importing.importer import Importer, ImportOptions
from app.people.importing.plan import Sender
from app.people.importing.schemas import ImportResult
from app.people.importing.tally import Tally
from app.store.base import utc_now
from app.store.database import Database

_READ_BYTES = 2**18


@dataclass(frozen=True, slots=True)
class Job:
    """What the command was asked for."""

    file: Path
    options: ImportOptions
    errors: Path | None
    """Where to write everything that is wrong, as CSV."""


async def import_file(database: Database, organisation: Organisation, job: Job, *, console: Console) -> ImportResult:
    """Import the file with a progress bar on `console`; whoever runs the command may do all an owner may."""
    with ExitStack() as stack:
        bar = Progress(TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=console)
        progress = stack.enter_context(bar)
        task = progress.add_task("0 people", total=max(1, job.file.stat().st_size))
        tally = Tally()
        if job.errors is not None:
            report = stack.enter_context(job.errors.open("w", encoding="utf-8", newline=""))
            tally = Tally(on_error=_reporter(report))

        def show(read: int) -> None:
            progress.update(task, completed=read, description=f"{tally.rows:,} people")

        importer = Importer(
            database,
            organisation,
            sender=Sender(None, is_owner=True),
            actor=SYSTEM,
            now=utc_now(),
            options=job.options,
            tally=tally,
            on_progress=show,
        )
        return await importer.run(_pieces(job.file))


def print_result(result: ImportResult, console: Console) -> None:
    """Say what was done, or would be, and what to look at."""
    said = "would be " if result.is_dry_run else ""
    console.print(
        f"{result.created:,} {said}created, {result.updated:,} {said}updated, {result.unchanged:,} unchanged, "
        f"{result.failed:,} left out."
    )
    for warning in result.warnings:
        console.print(f"Note: {warning}", markup=False)
    for department in result.respelt_departments[:10]:
        text = f"Department “{department.found}” taken as “{department.used}”: {department.people:,} people."
        console.print(text, markup=False)
    if result.new_departments:
        names = ", ".join(f"{item.department} ({item.people:,})" for item in result.new_departments[:20])
        console.print(f"New departments: {names}.", markup=False)
    if result.is_dry_run and result.preview:
        table = Table(title="The first rows, as they would become")
        for heading in ("Line", "", "E-mail", "Name", "Department", "Role", "Time zone"):
            table.add_column(heading, overflow="fold")
        for person in result.preview[:10]:
            cells = (person.email, person.name, person.department or "", person.role, person.time_zone)
            table.add_row(str(person.line), person.action, *cells)
        console.print(table, markup=False)
    if result.errors:
        for error in result.errors[:20]:
            console.print(f"Line {error.line}, {error.field}: {error.message}", markup=False)
        if result.error_count > 20:
            console.print(f"… and {result.error_count - 20:,} more; --errors FILE writes all of them.", markup=False)


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while piece := await asyncio.to_thread(opened.read, _READ_BYTES):
            yield piece


def _reporter(report: IO[str]) -> Callable[[RowError], None]:
    """Return what writes errors into the report as they come."""
    report.write(csv_out.BOM + csv_out.lines([("line", "field", "message")]))

    def write(error: RowError) -> None:
        report.write(csv_out.lines([(error.line, error.field, error.message)]))

    return write
