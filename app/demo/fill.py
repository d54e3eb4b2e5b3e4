"""Fills one organisation: people, events, delivery; resumes what was interrupted, adds nothing twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

from app.demo.campaigns import add_campaigns
from app.demo.deliver import Delivery, deliver, report_accepted
from app.demo.job import Job, load_job, make_spool, new_source, remove_spool, save_job, spool_of
from app.demo.knock import knock
from app.demo.lines import spool_lines
from app.demo.opens import make_hits
from app.demo.organisation import add_people, choose_organisation, has_demo_people, has_opens, make_writers
from app.settings import Settings
from app.store.database import Database
from clickhouse.client import ClickHouse


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted. `name` is the organisation's, None for the oldest one."""

    data: Path
    name: str | None
    people: int
    days: int
    seed: int
    is_again: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: `job` is None when the organisation was full already or the answer was no."""

    organisation: str
    job: Job | None
    was_declined: bool = False


class Screen(Protocol):
    """Where progress is shown."""

    def began(self, events: int) -> None:
        """So many events will be made, sent and stored."""

    def made(self, events: int) -> None:
        """So many are in the spool."""

    def looked(self, delivery: Delivery) -> None:
        """So far has the delivery come."""


async def fill(
    wish: Wish, settings: Settings, *, now: datetime, screen: Screen, may_mix: Callable[[str], bool]
) -> Outcome:
    """Fill the organisation, or finish what an interrupted run has left; returns when every event is stored.

    `may_mix(organisation)` is asked before demo opens join real ones. May be cancelled at any time and called again.
    """
    database = Database(settings.database_url.get_secret_value())
    try:
        async with database.session() as session:
            organisation = await choose_organisation(session, wish.name)
            is_known = await has_demo_people(session, organisation.id)
            organisation_id, title = organisation.id, organisation.name
        job = load_job(wish.data, str(organisation_id))
        if job is None or job.state == "done" or not spool_of(wish.data, job.source).is_dir():
            is_full = job.state == "done" if job else is_known
            if is_full and not wish.is_again:
                return Outcome(title, None)
            is_first = job is None and not is_known
            if is_first and await _has_real_opens(database, settings, organisation_id) and not may_mix(title):
                return Outcome(title, None, was_declined=True)
            job = await _prepare(database, wish, organisation_id, now, screen)
        else:
            screen.began(job.events)
            screen.made(job.events)
        async with database.reading() as session:
            await knock(session, organisation_id, settings)
    finally:
        await database.dispose()
    directory = spool_of(wish.data, job.source)
    await report_accepted(settings, job)
    await deliver(directory, job.source, settings, events=job.events, on_look=screen.looked)
    save_job(wish.data, str(organisation_id), job.model_copy(update={"state": "done"}))
    remove_spool(wish.data, job.source)
    return Outcome(title, job)


async def _has_real_opens(database: Database, settings: Settings, organisation_id: UUID) -> bool:
    clickhouse = await ClickHouse.connect(
        settings.clickhouse_url.get_secret_value(), timeout_seconds=settings.query_timeout_seconds
    )
    try:
        async with database.session() as session:
            return await has_opens(session, clickhouse, organisation_id)
    finally:
        await clickhouse.close()


async def _prepare(database: Database, wish: Wish, organisation_id: UUID, now: datetime, screen: Screen) -> Job:
    """Add who and what there is, and make the spool. The job is saved first: without its spool it means "make it"."""
    async with database.session() as session:
        organisation = await choose_organisation(session, wish.name)
        users = await add_people(session, organisation, count=wish.people, since=now - timedelta(days=wish.days))
        carried = await add_campaigns(session, organisation, until=now, days=wish.days)
        writers = await make_writers(session, users, carried, seed=wish.seed)
    hits = make_hits(writers, until=now, days=wish.days, seed=wish.seed)
    job = Job(source=new_source(), people=wish.people, days=wish.days, seed=wish.seed, events=len(hits))
    screen.began(len(hits))
    save_job(wish.data, str(organisation_id), job)
    make_spool(wish.data, job.source, spool_lines(hits), on_made=screen.made)
    return job
