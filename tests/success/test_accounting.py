"""Accepted = stored + deleted + dropped + on the way, at each look, whatever was deleted or killed between."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from app.collector.reports import Report
from app.identity.models import User
from app.identity.service import bootstrap_organisation, find_user
from app.retention.service import run
from app.store.database import Database
from app.success.reported import began, first_id
from app.success.schemas import Recording
from app.success.service import recording
from app.tracking.models import OrganisationSettings
from clickhouse import retention
from clickhouse.client import ClickHouse
from clickhouse.rebuild import rebuild
from tests.fixtures.log import Dropped, Open, no_hold, store

BEGAN = datetime(2026, 1, 1, 8, 0, 0, 400_000, tzinfo=UTC)
KEPT_DAYS = 30


class KilledError(Exception):
    """The process was killed here."""


@dataclass
class Hit:
    """A hit that a collector accepted, and what became of it by brute force."""

    id: UUID
    at: datetime
    run: int
    ending: str = "on the way"
    is_deleted: bool = False


@dataclass
class Story:
    """Everything that happened, kept in plain lists."""

    chance: random.Random
    user: User
    now: datetime = BEGAN
    runs: list[Report] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)

    def begin_run(self) -> None:
        """Start a collector anew: its counters begin at zero."""
        number = len(self.runs)
        moment = self.now.timestamp()
        self.runs.append(Report(f"c{number % 2}", f"r{number}", moment, moment, False, 0, 0, 0, 0, ()))

    def accept(self, count: int, *, days_ago: int = 0) -> None:
        """Accept hits by the newest run; those of a demo say that they were made days ago."""
        for _ in range(count):
            self.now += timedelta(milliseconds=self.chance.randrange(1, 90_000))
            id_ = UUID(int=first_id(self.now).int | self.chance.getrandbits(70))
            self.hits.append(Hit(id_, self.now - timedelta(days=days_ago), len(self.runs) - 1))

    def reports(self) -> list[Report]:
        """Return what the collectors say now."""
        accepted = Counter(hit.run for hit in self.hits)
        at = self.now.timestamp()
        return [
            Report(it.collector, it.run, it.started_at, at, False, accepted[number], 0, 0, 0, ())
            for number, it in enumerate(self.runs)
        ]

    async def began_ms(self) -> list[int]:
        return [int(it.started_at * 1000) for it in self.runs]

    async def store_some(self, clickhouse: ClickHouse) -> None:
        """Store most of what is on the way, some of it as drops."""
        rows: list[Open | Dropped] = []
        for hit in self.hits:
            if hit.ending == "on the way" and self.chance.random() < 0.8:
                whose = {"id": hit.id, "at": hit.at, "organisation_id": self.user.organisation_id}
                if self.chance.random() < 0.3:
                    hit.ending = "tracking_off"
                    rows.append(Dropped(reason=hit.ending, **whose))  # type: ignore[arg-type]
                else:
                    hit.ending = "stored"
                    rows.append(Open(user_id=self.user.id, **whose))  # type: ignore[arg-type]
        await store(clickhouse, rows)

    def forget_old(self) -> None:
        """Delete by brute force what retention has to."""
        before = self.now.date() - timedelta(days=KEPT_DAYS)
        for hit in self.hits:
            hit.is_deleted = hit.is_deleted or (hit.ending != "on the way" and hit.at.date() < before)

    def expected(self, since: datetime) -> tuple[int, int, int, int, int]:
        """Return accepted, stored, deleted, dropped, and on the way, of the runs since that moment."""
        counted = [hit for hit in self.hits if hit.id >= first_id(since)]
        kinds = Counter("deleted" if hit.is_deleted else hit.ending for hit in counted)
        return len(counted), kinds["stored"], kinds["deleted"], kinds["tracking_off"], kinds["on the way"]


def _figures(found: Recording) -> tuple[int, int, int, int, int]:
    dropped = sum(it.hits for it in found.dropped)
    return found.accepted, found.stored, found.deleted, dropped, found.on_the_way


async def _member(database: Database) -> User:
    async with database.session() as session:
        made = await bootstrap_organisation(
            session, name="Acme", owner_email="o@x.test", owner_name="O", time_zone="UTC"
        )
        await session.execute(update(OrganisationSettings).values(retention_days=KEPT_DAYS))
        user = await find_user(session, organisation_id=made.id, email="o@x.test")
        assert user is not None
        return user


async def _retain(database: Database, clickhouse: ClickHouse, story: Story) -> None:
    async for _ in run(database, clickhouse, now=story.now, beginnings=story.began_ms, rest_ratio=0):
        pass


async def _retain_killed(database: Database, clickhouse: ClickHouse, story: Story, statement: int) -> None:
    command, said = clickhouse.command, iter(range(10_000))

    async def killed(*args: object, **more: object) -> None:
        if next(said) >= statement:
            raise KilledError
        await command(*args, **more)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clickhouse, "command", killed)
        try:
            await _retain(database, clickhouse, story)
        except* KilledError:
            pass


async def test_a_retention_run_between_two_looks_leaves_what_is_on_the_way(
    database: Database, clickhouse: ClickHouse
) -> None:
    story = Story(random.Random(1), await _member(database))
    story.begin_run()
    story.accept(30)
    await story.store_some(clickhouse)
    story.now += timedelta(days=KEPT_DAYS + 2)
    story.accept(10)
    before = await recording(clickhouse, story.reports(), now=story.now)
    await _retain(database, clickhouse, story)
    after = await recording(clickhouse, story.reports(), now=story.now)
    assert (before.deleted, before.is_deleting) == (0, False)
    assert after.deleted == before.stored + sum(it.hits for it in before.dropped) > 20
    assert (after.on_the_way, after.accepted, after.is_deleting) == (before.on_the_way, before.accepted, False)


@pytest.mark.parametrize("seed", range(3))
async def test_what_was_accepted_is_accounted_for_after_any_sequence(
    database: Database, clickhouse: ClickHouse, seed: int
) -> None:
    chance = random.Random(seed)
    story = Story(chance, await _member(database))
    story.begin_run()
    deleted_before = 0
    for _ in range(8):
        match chance.choice(("restart", "days", "demo", "killed", "rebuild")):
            case "restart":
                story.now += timedelta(seconds=chance.randrange(3))
                story.begin_run()
            case "days":
                story.now += timedelta(days=chance.randrange(1, 45))
            case "demo":
                story.accept(chance.randrange(1, 20), days_ago=chance.randrange(KEPT_DAYS + 9))
            case "killed":
                await _retain_killed(database, clickhouse, story, chance.randrange(20))
            case "rebuild":
                await retention.until_none_is_under_way(clickhouse)
                await rebuild(clickhouse, hold=no_hold())
        story.accept(chance.randrange(15))
        await story.store_some(clickhouse)
        await _retain(database, clickhouse, story)
        story.forget_old()
        reports = story.reports()
        found = await recording(clickhouse, reports, now=story.now)
        assert _figures(found) == story.expected(began(reports))
        assert not found.is_deleting
        assert found.deleted >= deleted_before
        deleted_before = found.deleted
        # the oldest run is forgotten: what it accepted, and what became of it, goes from both sides
        later = reports[1:]
        if later:
            assert _figures(await recording(clickhouse, later, now=story.now)) == story.expected(began(later))


async def test_while_hits_are_being_deleted_the_account_says_so(database: Database, clickhouse: ClickHouse) -> None:
    story = Story(random.Random(7), await _member(database))
    story.begin_run()
    story.accept(20)
    await story.store_some(clickhouse)
    story.now += timedelta(days=KEPT_DAYS + 2)
    story.accept(1)
    await _retain_killed(database, clickhouse, story, 15)
    assert (await recording(clickhouse, story.reports(), now=story.now)).is_deleting is True
    await _retain(database, clickhouse, story)
    assert (await recording(clickhouse, story.reports(), now=story.now)).is_deleting is False
