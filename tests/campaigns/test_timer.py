"""The timer of campaigns: on time, once, and after any downtime."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from redis.asyncio import Redis
from sqlalchemy import select, update

from app.audit.models import AuditEntry
from app.campaigns.models import Campaign, CampaignPixel, CampaignRun
from app.campaigns.timer import JOINED_EVERY, CampaignTimer
from app.identity.models import Organisation, User
from app.identity.service import bootstrap_organisation, create_user
from app.store.database import Database
from app.tracking.invalidation import CHANNEL
from tests.fixtures.api import Clock
from tests.fixtures.valkey import Valkey

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def redis(valkey: Valkey) -> AsyncIterator[Redis]:
    client = Redis.from_url(valkey.url)
    yield client
    await client.aclose()


@pytest.fixture
async def organisation(database: Database) -> Organisation:
    async with database.session() as session:
        return await bootstrap_organisation(
            session, name="Acme", owner_email="owner@acme.test", owner_name="Olga", time_zone="UTC"
        )


async def campaign(database: Database, organisation: Organisation, **more: Any) -> UUID:
    async with database.session() as session:
        made = Campaign(organisation_id=organisation.id, name="Autumn", **more)
        session.add(made)
        await session.flush()
        return made.id


async def state(database: Database, campaign_id: UUID) -> tuple[str, list[tuple[datetime, datetime | None]]]:
    async with database.reading() as session:
        found = await session.get_one(Campaign, campaign_id)
        runs = select(CampaignRun).where(CampaignRun.campaign_id == campaign_id).order_by(CampaignRun.started_at)
        return found.state, [(run.started_at, run.ended_at) for run in await session.scalars(runs)]


def timer(database: Database, redis: Redis, clock: Clock, owner: str = "w1") -> CampaignTimer:
    return CampaignTimer(database, redis, owner=owner, clock=clock)


async def test_a_campaign_starts_and_ends_by_itself_and_workers_hear_of_it(
    database: Database, organisation: Organisation, redis: Redis
) -> None:
    id_ = await campaign(database, organisation, starts_at=NOON, ends_at=NOON + HOUR)
    clock = Clock(NOON - timedelta(seconds=1))
    keeper = timer(database, redis, clock)
    assert await keeper.look() == 0
    assert await state(database, id_) == ("draft", [])
    async with redis.pubsub() as channel:
        await channel.subscribe(CHANNEL)
        await channel.get_message(timeout=5)
        clock.now = NOON
        assert await keeper.look() == 1
        assert (await channel.get_message(timeout=5) or {})["type"] == "message"
    assert await state(database, id_) == ("active", [(NOON, None)])
    clock.now = NOON + HOUR
    assert await keeper.look() == 1
    assert await state(database, id_) == ("ended", [(NOON, NOON + HOUR)])
    async with database.reading() as session:
        entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.at))).all()
    assert [(entry.action, entry.actor_user_id) for entry in entries] == [
        ("campaign_started", None),
        ("campaign_ended", None),
    ]


async def test_what_was_missed_while_everything_was_down_happens_at_the_next_look(
    database: Database, organisation: Organisation, redis: Redis
) -> None:
    ends = await campaign(database, organisation, starts_at=NOON, ends_at=NOON + 2 * HOUR)
    await timer(database, redis, Clock(NOON)).look()
    starts = await campaign(database, organisation, starts_at=NOON + HOUR, ends_at=NOON + 9 * HOUR)
    missed = await campaign(database, organisation, starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
    await timer(database, redis, Clock(NOON + 5 * HOUR)).look()
    assert await state(database, starts) == ("active", [(NOON + 5 * HOUR, None)]), "when pixels were first served"
    assert await state(database, ends) == ("ended", [(NOON, NOON + 2 * HOUR)]), "no hit after it was counted"
    assert await state(database, missed) == ("draft", []), "its whole time has passed"


async def test_a_paused_campaign_ends_at_its_time_with_the_run_it_had(
    database: Database, organisation: Organisation, redis: Redis
) -> None:
    id_ = await campaign(database, organisation, state="paused", ends_at=NOON)
    async with database.session() as session:
        session.add(CampaignRun(campaign_id=id_, started_at=NOON - 3 * HOUR, ended_at=NOON - 2 * HOUR))
    await timer(database, redis, Clock(NOON)).look()
    assert await state(database, id_) == ("ended", [(NOON - 3 * HOUR, NOON - 2 * HOUR)])


async def test_an_empty_audience_stays_a_draft_and_starts_once_somebody_is_in_it(
    database: Database, organisation: Organisation, redis: Redis
) -> None:
    id_ = await campaign(database, organisation, starts_at=NOON, audience="departments", audience_members=["Sales"])
    clock = Clock(NOON)
    keeper = timer(database, redis, clock)
    assert await keeper.look() == 0
    assert await state(database, id_) == ("draft", [])
    async with database.session() as session:
        await session.execute(update(User).values(department="sales"))
    clock.now += HOUR
    assert await keeper.look() == 1
    assert await state(database, id_) == ("active", [(NOON + HOUR, None)])


async def test_two_workers_start_a_campaign_once(database: Database, organisation: Organisation, redis: Redis) -> None:
    id_ = await campaign(database, organisation, starts_at=NOON)
    clock = Clock(NOON)
    changed = await asyncio.gather(*(timer(database, redis, clock, f"w{number}").look() for number in range(4)))
    assert sum(changed) == 1
    assert await state(database, id_) == ("active", [(NOON, None)])


async def test_who_joins_a_department_gets_a_pixel_within_a_minute_and_who_leaves_keeps_it(
    database: Database, organisation: Organisation, redis: Redis
) -> None:
    async with database.session() as session:
        await session.execute(update(User).values(department="Sales"))
    id_ = await campaign(database, organisation, starts_at=NOON, audience="departments", audience_members=["Sales"])
    clock = Clock(NOON)
    keeper = timer(database, redis, clock)
    await keeper.look()
    async with database.session() as session:
        await session.execute(update(User).values(department="Support"))
        new = await create_user(
            session, organisation_id=organisation.id, email="new@acme.test", name="New", department="Sales"
        )
    clock.now += JOINED_EVERY
    assert await keeper.look() == 1
    async with database.reading() as session:
        pixels = (await session.scalars(select(CampaignPixel).where(CampaignPixel.campaign_id == id_))).all()
        last = (await session.scalars(select(AuditEntry).order_by(AuditEntry.at.desc()))).first()
    assert {pixel.department for pixel in pixels} == {"Sales"}
    assert new.id in {pixel.user_id for pixel in pixels}
    assert len(pixels) == 2
    assert last is not None
    assert (last.action, last.after) == ("campaign_people_joined", {"people": 1})
    assert await keeper.look() == 0


async def test_a_store_that_is_away_is_waited_for(redis: Redis, tmp_path: Any) -> None:
    broken = Database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    assert await timer(broken, redis, Clock(NOON)).look() == 0
    await broken.dispose()
