"""Runs retention: plans, asks ClickHouse to delete one chunk after the other, and says so in the audit log.

The store is held only while ClickHouse is asked, not while it deletes (ADR 0015). Two workers at once delete nothing
twice: each chunk is planned anew when all other maintenance is excluded.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import select

from app.audit.service import SYSTEM, record
from app.identity.models import Organisation
from app.store.database import Database
from app.store.holds import maintenance
from app.tracking.models import OrganisationSettings
from clickhouse import retention
from clickhouse.client import ClickHouse
from clickhouse.retention import Chunk, Day

ACTION = "retention_ran"
WAIT_SECONDS = 300.0
"""Another maintenance may be at work; after this the run ends and the next one goes on."""

REST_RATIO = 2.0
"""Between two chunks the cores are left to ingest for so many times as long as ClickHouse was deleting."""

Beginnings = Callable[[], Awaitable[retention.BeganMs]]
"""Tells when the runs of collectors that are remembered began."""

log = structlog.stdlib.get_logger("heliograph.retention")


@dataclass(frozen=True, slots=True)
class Due:
    """An organisation and what it keeps no longer."""

    organisation_id: UUID
    name: str
    retention_days: int
    before: date
    """First UTC day that is kept."""
    days: Sequence[Day]

    @property
    def events(self) -> int:
        """Events that are due."""
        return sum(day.events for day in self.days)

    @property
    def drops(self) -> int:
        """Drops that are due."""
        return sum(day.drops for day in self.days)


def first_kept(now: datetime, retention_days: int) -> date:
    """Return the first UTC day that is kept: a day goes when the last moment of it is older than the limit."""
    return now.astimezone(UTC).date() - timedelta(days=retention_days)


async def due(database: Database, clickhouse: ClickHouse, *, now: datetime) -> AsyncIterator[Due]:
    """Yield every organisation with what is due, also those with nothing."""
    async with database.reading() as session:
        rows = (
            await session.execute(
                select(Organisation.id, Organisation.name, OrganisationSettings.retention_days)
                .join(OrganisationSettings, OrganisationSettings.organisation_id == Organisation.id)
                .order_by(Organisation.name, Organisation.id)
            )
        ).all()
    for organisation_id, name, days in rows:
        before = first_kept(now, days)
        found = await retention.plan(clickhouse, organisation_id, before=before)
        yield Due(organisation_id, name, days, before, found)


async def run(
    database: Database,
    clickhouse: ClickHouse,
    *,
    now: datetime,
    beginnings: Beginnings,
    rows_per_chunk: int = retention.ROWS_PER_CHUNK,
    rest_ratio: float = REST_RATIO,
) -> AsyncIterator[Due]:
    """Delete what is due, organisation by organisation; yields each when it is done, with what was deleted of it.

    Ingest goes on but for the moments in which ClickHouse is asked. What was deleted is counted, cut at the
    `beginnings` of runs, so that success metrics can account for it. Raises `ConflictError` if somebody else maintains
    it for too long, `MutationFailedError` if it cannot delete. Killed or failed in the middle, it is repeated by
    running it again.
    """
    if await retention.clones(clickhouse):
        async with maintenance(database, wait_seconds=WAIT_SECONDS):
            await retention.drop_clones(clickhouse, began_ms=await beginnings())
    rest_seconds = 0.0
    async for found in due(database, clickhouse, now=now):
        deleted: list[Day] = []
        for chunk in list(retention.chunks(found.days, rows=rows_per_chunk)):
            await asyncio.sleep(rest_seconds)
            started = time.monotonic()
            deleted += await _delete(database, clickhouse, found, chunk, beginnings, now=now)
            rest_seconds = (time.monotonic() - started) * rest_ratio
        result = Due(found.organisation_id, found.name, found.retention_days, found.before, deleted)
        if deleted:
            log.info("retention", organisation=str(found.organisation_id), events=result.events, drops=result.drops)
        yield result


async def _delete(
    database: Database, clickhouse: ClickHouse, found: Due, chunk: Chunk, beginnings: Beginnings, *, now: datetime
) -> list[Day]:
    """Delete a chunk as it is by then: late events may have come, or another worker was faster."""
    span = {"since": chunk.first, "before": chunk.last + timedelta(days=1)}
    async with maintenance(database, wait_seconds=WAIT_SECONDS) as mine:
        if not await _is_still_due(database, found, chunk, now=now):
            return []
        if not await retention.plan(clickhouse, found.organisation_id, **span):
            return []
        clone = await retention.prepare(clickhouse)
        async with mine.holding_store(wait_seconds=WAIT_SECONDS):
            days = await retention.log_days(clickhouse, found.organisation_id, **span)
            if days:  # before the log forgets it: a deletion is never left unsaid
                await _record(database, found, Chunk(tuple(days)), now=now)
            await retention.ask(clickhouse, found.organisation_id, chunk, clone)
        await retention.finish(clickhouse, clone, began_ms=await beginnings())
        return days


async def _is_still_due(database: Database, found: Due, chunk: Chunk, *, now: datetime) -> bool:
    """Ask again: somebody may have raised the limit since the plan was made."""
    async with database.reading() as session:
        settings = await session.get(OrganisationSettings, found.organisation_id)
    return settings is not None and chunk.last < first_kept(now, settings.retention_days)


async def _record(database: Database, found: Due, chunk: Chunk, *, now: datetime) -> None:
    async with database.session() as session:
        record(
            session,
            organisation_id=found.organisation_id,
            actor=SYSTEM,
            at=now,
            action=ACTION,
            subject=f"opens of {chunk.first} to {chunk.last} (UTC)",
            before={"events": chunk.events, "drops": chunk.drops},
            after={"events": 0, "drops": 0, "retentionDays": found.retention_days},
        )
