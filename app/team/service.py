"""Statistics of an organisation: counts of closed days and of what is open, joined with names and departments."""

import asyncio
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.closed_days import ClosedDays
from app.team.departments import DepartmentOpens, folded, most_first, tallied
from app.team.people import People, Person
from app.team.period import TeamPeriod
from app.team.schemas import AskedPeriod, Department, OrganisationStats, PreviousPeriod, TopPerformer
from clickhouse import closed_parts
from clickhouse.client import ClickHouse
from clickhouse.closed_parts import Stretch, starts_and_ends

QUERY = "organisation_opens_by_user"
OPEN_QUERY = "organisation_opens_open"


@dataclass(frozen=True, slots=True)
class Team:
    """Whose opens are counted, and how much of them the asking role may see."""

    organisation_id: UUID
    time_zone: str
    exclude_bots: bool
    people: People
    min_people: int | None
    """None: everybody by name; else departments only, from so many people."""

    @property
    def asked_about(self) -> Hashable:
        """All that the statistics of a period depend on, but the log."""
        return self.time_zone, self.exclude_bots, self.people.state, self.min_people


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows of `organisation_opens_by_user`, and when they were counted."""

    rows: list[dict[str, Any]]
    as_of: datetime


async def count(
    clickhouse: ClickHouse, closed_days: ClosedDays, team: Team, period: TeamPeriod, *, now: datetime
) -> Counted:
    """Count a period and the one before."""
    closed = await closed_days.look(clickhouse, team.organisation_id, _stretches(period), now=now)
    split, asked = closed.split(_stretches(period), today=now), _asked(team, period)
    counted, settled, opened = await asyncio.gather(
        closed_days.sums(clickhouse, QUERY, asked | split.counted_alone()),
        closed_days.settled(clickhouse, OPEN_QUERY, asked | starts_and_ends(split.settled), now=now),
        closed_days.opened(clickhouse, OPEN_QUERY, asked | starts_and_ends(split.open)),
    )
    return Counted(joined(counted, [*settled, *opened]), now)


def joined(counted: Iterable[Mapping[str, Any]], opened: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of `organisation_opens_by_user`, in no order, from what it says of counted parts and of the rest.

    Unique counts add up, because a visitor's id lives for one UTC day and parts that are counted are whole ones.
    """
    rows = {row["user_id"]: dict(row) for row in counted}
    for row in opened:
        known = rows.get(row["user_id"])
        if known is None:
            rows[row["user_id"]] = dict(row)
        else:
            for name in ("opens", "unique_opens", "opens_before"):
                known[name] += row[name]
    return list(rows.values())


def organisation_stats(counted: Counted, team: Team, period: TeamPeriod, *, top: int) -> OrganisationStats:
    """Join what was counted of a period, and of the one before, with names and departments."""
    by_user = [row for row in counted.rows if row["opens"]]
    departments = _by_department(team.people.by_id, by_user)
    shown = most_first(departments) if team.min_people is None else folded(departments, min_people=team.min_people)
    return OrganisationStats.model_validate(
        {
            "total_opens": sum(row["opens"] for row in by_user),
            "unique_opens": sum(row["unique_opens"] for row in by_user),
            "active_users": len(by_user),
            "top_performers": _top(team, by_user, top) if team.min_people is None else [],
            "by_department": [_department(item) for item in shown],
            "users": sum(item.people for item in departments),
            "period": AskedPeriod(first=period.first, last=period.last, days=period.days, is_running=period.is_running),
            "previous": PreviousPeriod(
                first=period.first_before,
                last=period.last_before,
                until=period.before.end,
                total_opens=sum(row["opens_before"] for row in counted.rows),
            ),
            "time_zone": team.time_zone,
            "as_of": counted.as_of,
            "are_people_shown": team.min_people is None,
            "department_min_people": team.min_people,
        }
    )


async def questions(
    clickhouse: ClickHouse, closed_days: ClosedDays, team: Team, period: TeamPeriod, *, now: datetime
) -> dict[str, Mapping[str, object]]:
    """Return which named queries say the same as `count`, and what they are asked."""
    stretches = _stretches(period)
    closed = await closed_days.look(clickhouse, team.organisation_id, stretches, now=now)
    return {
        closed_parts.QUERY: closed_parts.question(team.organisation_id, stretches),
        QUERY: _asked(team, period) | closed.split(stretches).parameters(),
    }


def _stretches(period: TeamPeriod) -> list[Stretch]:
    return [Stretch.of(it.start, it.end) for it in (period.before, period.asked)]


def _asked(team: Team, period: TeamPeriod) -> dict[str, object]:
    return {
        "organisation_id": team.organisation_id,
        "exclude_bots": team.exclude_bots,
        "first_at": period.before.start,
        "from_at": period.asked.start,
        "until_at": period.asked.end,
    }


def _top(team: Team, rows: list[dict[str, Any]], count: int) -> list[TopPerformer]:
    people = team.people.by_id
    named = [(row, people[row["user_id"]]) for row in rows if row["user_id"] in people]
    named.sort(key=lambda found: (-found[0]["opens"], found[1].name, found[0]["user_id"]))
    return [
        TopPerformer(
            user_id=row["user_id"],
            name=person.name,
            department=person.department,
            opens=row["opens"],
            unique=row["unique_opens"],
        )
        for row, person in named[:count]
    ]


def _by_department(people: Mapping[UUID, Person], rows: list[dict[str, Any]]) -> list[DepartmentOpens]:
    """Group everybody who is active or has opens; opens of people who are gone belong to no department."""
    opens = {row["user_id"]: row for row in rows}
    with_opens = [
        (person.department if (person := people.get(user_id)) else None, row["opens"], row["unique_opens"], True)
        for user_id, row in opens.items()
    ]
    without = [
        (person.department, 0, 0, False)
        for user_id, person in people.items()
        if person.is_active and user_id not in opens
    ]
    return tallied([*with_opens, *without])


def _department(item: DepartmentOpens) -> Department:
    return Department(
        department=item.name,
        opens=item.opens,
        users=item.people,
        unique=item.unique,
        active_users=item.active,
        kind=item.kind,
    )
