"""An import of people, from the bytes of a CSV file to rows of the store, in bounded memory and short transactions.

```text
bytes → Decoder → RecordReader → checked_row → Seen → planned → write
        text      records        rows or errors     chunk   what changes, one transaction a chunk
```

Whatever ends it, what was written is right, and sending the file again does the rest: a person is found by their
address, and what is as the file says is left alone.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import Actor, record
from app.errors import AppError
from app.identity.models import Organisation, User
from app.people.departments import grouped
from app.people.importing.cells import Row
from app.people.importing.file import FileReader
from app.people.importing.plan import Plan, Sender, Values, planned
from app.people.importing.schemas import ImportColumn, ImportResult
from app.people.importing.seen import Seen
from app.people.importing.spellings import Spellings
from app.people.importing.tally import Tally
from app.people.importing.writing import active_owners, existing_people, write
from app.store.database import Database

ACTION = "people_imported"
CHUNK_ROWS = 500
"""Rows of one transaction: SQLite lets one writer in at a time, so it has to be short."""
SLICE_BYTES = 65_536
_BREATH_SECONDS = 0.005
"""Pause after each transaction, in which others who wait for the lock get it."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to read and what to do."""

    is_dry_run: bool = False
    clears_empty: bool = False
    """Empty cells erase department, job title and phone; else they leave what is there."""
    keeps_spellings: bool = False
    mapping: dict[str, str] = field(default_factory=dict)
    """Header → field, before what headers say by themselves."""
    encoding: str | None = None
    """One of `ENCODINGS`; None: found out, or asked for."""


class Importer:
    """Imports one file into one organisation. `tally` may be looked at while it goes on."""

    def __init__(
        self,
        database: Database,
        organisation: Organisation,
        *,
        sender: Sender,
        actor: Actor,
        now: datetime,
        options: ImportOptions,
        tally: Tally | None = None,
        on_progress: Callable[[int], None] = lambda read: None,
    ) -> None:
        self._database, self._organisation, self._sender, self._actor = database, organisation, sender, actor
        self._now, self._on_progress = now, on_progress
        self.options = options
        self.tally = tally or Tally()
        self._file = FileReader(options.mapping, clears_empty=options.clears_empty, encoding=options.encoding)
        self._rows: list[Row] = []
        self._defaults: Values = {"name": "", "job_title": "", "phone": "", "department": None} | {
            "time_zone": organisation.time_zone,
            "locale": organisation.locale,
            "role": "member",
        }

    async def run(self, source: AsyncIterator[bytes]) -> ImportResult:
        """Import the file; `on_progress` hears of the bytes read so far.

        Raises `BadInputError` for a file that is none, and whatever the source raises; its `imported` then says what
        was done before. The audit log has an entry for each person and one for the file, also if it broke off.
        """
        self._spellings = Spellings(await self._departments(), keeps=self.options.keeps_spellings)
        with Seen() as self._seen:
            try:
                read = 0
                async for piece in source:
                    for start in range(0, len(piece), SLICE_BYTES):
                        part = piece[start : start + SLICE_BYTES]
                        await self._take(part, is_last=False)
                        read += len(part)
                        self._on_progress(read)
                await self._take(b"", is_last=True)
            except Exception as error:
                await self._note(is_complete=False)
                if isinstance(error, AppError) and not self.options.is_dry_run:
                    error.extensions["imported"] = self.tally.counts
                raise
        await self._note(is_complete=True)
        return self._result()

    async def _take(self, data: bytes, *, is_last: bool) -> None:
        await asyncio.to_thread(self._read, data, is_last)
        while len(self._rows) >= CHUNK_ROWS or (is_last and self._rows):
            chunk, self._rows = self._rows[:CHUNK_ROWS], self._rows[CHUNK_ROWS:]
            self.tally.add(await self._done(chunk))

    def _read(self, data: bytes, is_last: bool) -> None:
        """Read what is complete; runs beside the loop, because checking a slice takes some milliseconds."""
        rows: list[Row] = []
        for row, errors in self._file.feed(data, is_last=is_last):
            self.tally.rows += 1
            if row is None:
                self.tally.fail(errors)
            else:
                rows.append(row)
        first_lines = self._seen.first_lines([(row.email, row.line) for row in rows])
        for row, first in zip(rows, first_lines, strict=True):
            if first == row.line:
                self._rows.append(row)
            else:
                self.tally.fail([self._file.repeated(row, first)])

    async def _done(self, rows: Sequence[Row]) -> Plan:
        """Do these rows in one transaction; without changes there is none, and nobody is kept waiting."""
        async with self._database.reading() as session:
            plan = await self._plan(session, rows)
        if self.options.is_dry_run or not plan.has_changes:
            return plan
        try:
            plan = await self._written(rows)
        except IntegrityError:  # on PostgreSQL somebody added one of them between our look and our insert
            plan = await self._written(rows)
        await asyncio.sleep(_BREATH_SECONDS)
        return plan

    async def _written(self, rows: Sequence[Row]) -> Plan:
        async with self._database.session() as session:
            plan = await self._plan(session, rows)
            await write(session, self._organisation.id, plan.people, actor=self._actor, now=self._now)
        return plan

    async def _plan(self, session: AsyncSession, rows: Sequence[Row]) -> Plan:
        existing = await existing_people(session, self._organisation.id, [row.email for row in rows])
        has_owners = any(person.values["role"] == "owner" for person in existing.values())
        return planned(
            rows,
            existing,
            sender=self._sender,
            defaults=self._defaults,
            spellings=self._spellings,
            owners=await active_owners(session, self._organisation.id) if has_owners else 0,
        )

    async def _departments(self) -> list[str]:
        """Return the organisation's departments, each in its usual spelling; also those of people who have left."""
        async with self._database.reading() as session:
            statement = select(User.department).where(User.organisation_id == self._organisation.id).distinct()
            counts = [(name, 1) for name in await session.scalars(statement)]
        return [item.department for item in grouped(counts) if item.department]

    async def _note(self, *, is_complete: bool) -> None:
        counts = self.tally.counts
        if self.options.is_dry_run or not (counts["created"] or counts["updated"]):
            return
        async with self._database.session() as session:
            record(
                session,
                organisation_id=self._organisation.id,
                actor=self._actor,
                at=self._now,
                action=ACTION,
                subject=self._organisation.name,
                subject_id=None,
                after={**counts, "isComplete": is_complete},
            )

    def _result(self) -> ImportResult:
        columns = self._file.columns
        known: dict[str, Any] = {
            "is_dry_run": self.options.is_dry_run,
            "encoding": self._file.encoding,
            "delimiter": self._file.delimiter,
            "columns": [
                ImportColumn(header=header, field=name)
                for header, name in zip(columns.headers, columns.fields, strict=True)
            ],
            "warnings": self._file.warnings() + self.tally.remarks(self._organisation.locale),
        }
        return ImportResult.model_validate(known | self.tally.shown())
