"""Random opens that sit where mistakes do: at midnights, at quarters of an hour, around changes of the clock."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from hashlib import sha256
from typing import get_args
from uuid import UUID

from app.tracking.zone_data import zone as zone_of
from schemas.events import Device, DropReason, OpenClass
from tests.fixtures.log import Dropped, Open, Reclassified

ZONES = (
    "UTC",
    "Asia/Riyadh",
    "America/New_York",
    "Asia/Kathmandu",  # a quarter of an hour beside the others
    "Australia/Lord_Howe",  # changes by half an hour
    "America/Vancouver",  # changes no more from 2026 on: old zone data do not know
    "Asia/Beirut",  # changes at midnight
    "America/Havana",  # has a midnight twice
    "Africa/Casablanca",  # changes for Ramadan
    "Pacific/Apia",  # 13 hours ahead
)
FIRST_DAY, LAST_DAY = date(2025, 9, 22), date(2025, 11, 20)
"""Holds Lord Howe's change of half an hour (5 October) and New York's (2 November)."""
OPENS, TWINS, DROPS = 3_000, 150, 300


@dataclass(frozen=True)
class Deleted:
    """One row of `deleted_hits`."""

    name: str
    since_ms: int
    events: int
    drops: int


@dataclass(frozen=True)
class Log:
    """Everything that was stored, and whom to ask about."""

    opens: list[Open]
    drops: list[Dropped]
    reclassifications: list[Reclassified]
    people: list[tuple[UUID, UUID]]
    """(organisation, user); one user id exists in both organisations."""
    deletions: Sequence[Deleted] = ()
    """What retention has taken before."""

    @cached_property
    def corrections(self) -> dict[tuple[UUID, date, bytes], Reclassified]:
        """The last decision about each organisation, UTC day and visitor."""
        ordered = sorted(self.reclassifications, key=lambda r: r.decided_at)
        return {(r.organisation_id, r.open_date, r.visitor): r for r in ordered}


def random_log(seed: int) -> Log:
    """Make a log; equal seeds make equal logs."""
    chance = random.Random(seed)
    organisations = [UUID(int=chance.getrandbits(128)) for _ in range(2)]
    users = [UUID(int=chance.getrandbits(128)) for _ in range(3)]
    people = [(organisations[0], users[0]), (organisations[0], users[1]), (organisations[1], users[2])]
    people.append((organisations[1], users[0]))
    moments = list(_delicate_moments())
    blocks = [f"life-1:events.clean:{number % 4}:{number}-{number + 9}" for number in range(12)]
    opens = [
        _open(chance, *chance.choice(people), _moment(chance, moments), chance.choice(blocks)) for _ in range(OPENS)
    ]
    opens += [_twin(chance, o) for o in chance.sample(opens, TWINS)]
    drops = [
        Dropped(
            id=UUID(int=chance.getrandbits(128)),
            at=_moment(chance, moments),
            organisation_id=chance.choice([None, *organisations]),
            user_id=chance.choice([None, *users]),
            campaign_id=chance.choice([None, UUID(int=1), UUID(int=2)]),
            reason=chance.choice(get_args(DropReason)),
            block=chance.choice(blocks),
        )
        for _ in range(DROPS)
    ]
    reclassifications = _reclassifications(chance, opens, blocks)
    deletions = [Deleted(f"d{number}", chance.getrandbits(48), number, 2 * number) for number in range(20)]
    return Log(opens, drops, reclassifications, people, deletions)


def _reclassifications(chance: random.Random, opens: list[Open], blocks: list[str]) -> list[Reclassified]:
    """Find some visitors' days to be no person's, a few of them twice and differently: the later decision holds."""
    found = {(o.organisation_id, o.at.date(), o.visitor) for o in opens if o.type == "signature_opened"}
    days = sorted(found, key=str)
    found = chance.sample(days, len(days) // 8)
    return [
        Reclassified(
            id=UUID(int=chance.getrandbits(128)),
            at=datetime.combine(day, time(), UTC),
            organisation_id=organisation_id,
            open_date=day,
            visitor=visitor,
            open_class=chance.choice(("scanner", "crawler", "script")),
            confidence=chance.choice((0.25, 0.75)),
            reasons=(chance.choice(("behaviour_many_tokens", "behaviour_burst")),),
            decided_at=datetime(2025, 12, 1, tzinfo=UTC) + timedelta(seconds=number),
            block=chance.choice(blocks),
        )
        for number, (organisation_id, day, visitor) in enumerate([*found, *chance.sample(found, len(found) // 10)])
    ]


def _open(chance: random.Random, organisation_id: UUID, user_id: UUID, moment: datetime, block: str) -> Open:
    # few visitors a day, so that most opens of a person repeat one; a visitor's id lives for one UTC day
    visitor = sha256(f"{moment.date()}:{chance.randrange(6)}".encode()).digest()[:16]
    campaign_id = UUID(int=chance.randrange(1, 3)) if chance.random() < 0.15 else None
    return Open(
        id=UUID(int=chance.getrandbits(128)),
        at=moment,
        organisation_id=organisation_id,
        user_id=user_id,
        type="signature_opened" if chance.random() > 0.02 else "something_else",
        tracking="user" if campaign_id is None else "campaign",
        campaign_id=campaign_id,
        visitor=visitor,
        open_class=chance.choice(("human", "human", "human", *get_args(OpenClass))),
        device=chance.choice(get_args(Device)),
        country=chance.choice(("SA", "NP", "US", "")),
        confidence=chance.choice((0.25, 0.5, 1.0)),
        reasons=tuple(chance.sample(("known_proxy", "fast", "datacenter"), chance.randrange(3))),
        is_rate_limited=chance.random() < 0.1,
        block=block,
    )


def _twin(chance: random.Random, o: Open) -> Open:
    """Return another open of the same visitor in the same quarter of an hour, one row in the view."""
    start = o.at.replace(minute=o.at.minute // 15 * 15, second=0, microsecond=0)
    at = start + timedelta(milliseconds=chance.randrange(900_000))
    return replace(o, id=UUID(int=chance.getrandbits(128)), at=at)


def _moment(chance: random.Random, delicate: list[datetime]) -> datetime:
    if chance.random() < 0.4:
        return chance.choice(delicate) + timedelta(milliseconds=chance.choice((-1, 0, 0, 1, 450_000)))
    start = datetime.combine(FIRST_DAY, datetime.min.time(), UTC)
    length = (LAST_DAY - FIRST_DAY).days * 86_400_000
    return start + timedelta(milliseconds=chance.randrange(length))


def _delicate_moments() -> Iterator[datetime]:
    """Yield midnights, and the hours in which clocks change, of every zone."""
    for name in ZONES:
        zone = zone_of(name)
        day = FIRST_DAY
        while day < LAST_DAY:
            yield datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
            day += timedelta(days=1)
    for changed in ("2025-10-04T15:30", "2025-11-02T06:00"):  # Lord Howe, New York
        moment = datetime.fromisoformat(changed).replace(tzinfo=UTC)
        for minutes in range(-120, 121, 15):
            yield moment + timedelta(minutes=minutes)
