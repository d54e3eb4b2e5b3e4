"""Statistics of a campaign: counts of closed days and of what is open, joined with the people who have its pixels."""

import asyncio
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.campaigns.comparison import Pair, compare
from app.campaigns.stats_schemas import Baseline, CampaignDay, CampaignStats, DroppedHits
from app.campaigns.subject import Member, Subject, stretches_of
from app.campaigns.windows import Windows, active_share, around, local_days
from app.closed_days import ClosedDays
from app.team.departments import DepartmentOpens, folded, most_first, tallied
from app.team.schemas import Department
from app.tracking.calendar import Period, days_around, days_period, offsets
from clickhouse import closed_parts
from clickhouse.client import ClickHouse
from clickhouse.closed_parts import Stretch, starts_and_ends

MOST_NAMED = 5_000
"""People named in one question: a server takes no parameter of more than 128 KiB."""

OPEN_QUERY = "campaign_open"

Rows = Sequence[Mapping[str, Any]]


Found = tuple[Member, Mapping[str, int], Mapping[str, int]]
"""Somebody with a pixel, their rows of `campaign_opens_by_user` and of `campaign_baseline_by_user`."""
_NO_OPENS = {"opens": 0, "unique_opens": 0, "not_counted": 0}
_NO_EVERYDAY = {"before": 0, "during": 0}
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows of each question, and when they were counted."""

    rows: Mapping[str, Rows]
    as_of: datetime


async def count(clickhouse: ClickHouse, closed_days: ClosedDays, of: Subject, *, now: datetime) -> Counted:
    """Ask all questions, side by side."""
    drops = clickhouse.query("campaign_drops", _drops(of))
    if of.windows is None:
        return Counted({"campaign_drops": await drops}, now)
    dropped, rows = await asyncio.gather(drops, _count(clickhouse, closed_days, of, of.windows, now=now))
    return Counted({"campaign_drops": dropped} | rows, now)


async def _count(
    clickhouse: ClickHouse, closed_days: ClosedDays, of: Subject, compared: Windows, *, now: datetime
) -> dict[str, Rows]:
    """Name nobody if everybody is meant: two thousand ids take ClickHouse as long as half of the rest."""
    if of.is_of_everybody:
        rows = await _ask(
            clickhouse, closed_days, await _asked(clickhouse, closed_days, of, compared, [[]], now=now), now
        )
        if all(row["user_id"] in of.people.by_id for row in rows["campaign_baseline_by_user"]):
            return rows  # else the log knows somebody whom the store does not
    ids = [pixel.user_id for pixel in of.pixels.of] or [_NOBODY]
    named = [ids[start : start + MOST_NAMED] for start in range(0, len(ids), MOST_NAMED)]
    return await _ask(clickhouse, closed_days, await _asked(clickhouse, closed_days, of, compared, named, now=now), now)


async def _ask(clickhouse: ClickHouse, closed_days: ClosedDays, asked: "_Asked", now: datetime) -> dict[str, Rows]:
    settled, opened, counted = await asyncio.gather(
        asyncio.gather(*(closed_days.settled(clickhouse, OPEN_QUERY, it, now=now) for it in asked.settled)),
        asyncio.gather(*(closed_days.opened(clickhouse, OPEN_QUERY, it) for it in asked.open)),
        asyncio.gather(*(closed_days.sums(clickhouse, name, it) for name, it in asked.counted)),
    )
    of_closed_days = [(name, rows) for (name, _), rows in zip(asked.counted, counted, strict=True)]
    return joined(of_closed_days, [row for rows in (*settled, *opened) for row in rows])


def joined(counted: Iterable[tuple[str, Rows]], opened: Rows) -> dict[str, Rows]:
    """Return the rows of the four questions, in no order, from what they say of counted parts and of the rest.

    `counted` are answers with their question's names, of one question perhaps several, about different people;
    `opened` are rows of `campaign_open`. Unique counts add up, because a visitor's id lives for one UTC day and parts
    that are counted are whole ones.
    """
    people: dict[UUID, dict[str, Any]] = {}
    days: dict[date, dict[str, Any]] = {}
    everyday: dict[UUID, dict[str, Any]] = {}
    everyday_days: dict[date, dict[str, Any]] = {}
    for name, rows in counted:
        match name:
            case "campaign_opens_by_user":
                people |= {row["user_id"]: dict(row) for row in rows}
            case "campaign_opens_daily":
                days |= {row["date"]: dict(row) for row in rows}
            case "campaign_baseline_by_user":
                everyday |= {row["user_id"]: dict(row) for row in rows}
            case "campaign_baseline_daily":
                for row in rows:
                    found = everyday_days.setdefault(row["date"], {"date": row["date"]} | _NO_EVERYDAY)
                    found["before"] += row["before"]
                    found["during"] += row["during"]
    for row in opened:
        key = "date" if row["is_by_day"] else "user_id"
        if row["what"] == "campaign":
            nothing = {"opens": 0, "unique_opens": 0} if row["is_by_day"] else _NO_OPENS
            found = (days if row["is_by_day"] else people).setdefault(row[key], {key: row[key]} | nothing)
            found["opens"] += row["opens"]
            found["unique_opens"] += row["unique_opens"]
            if not row["is_by_day"]:
                found["not_counted"] += row["hits"] - row["opens"]
        else:
            of_base = everyday_days if row["is_by_day"] else everyday
            of_base.setdefault(row[key], {key: row[key]} | _NO_EVERYDAY)[row["what"]] += row["opens"]
    return {
        "campaign_opens_by_user": list(people.values()),
        "campaign_opens_daily": list(days.values()),
        "campaign_baseline_by_user": list(everyday.values()),
        "campaign_baseline_daily": list(everyday_days.values()),
    }


def campaign_stats(counted: Counted, of: Subject, *, now: datetime) -> CampaignStats:
    """Join what was counted with the people who have a pixel; everything the page shows."""
    answers = counted.rows
    opens = {row["user_id"]: row for row in answers.get("campaign_opens_by_user", ())}
    everyday = {row["user_id"]: row for row in answers.get("campaign_baseline_by_user", ())}
    found: list[Found] = [
        (member, opens.get(member.user_id, _NO_OPENS), everyday.get(member.user_id, _NO_EVERYDAY))
        for member in of.members
    ]
    pairs = [Pair(row["opens"], own["during"], own["before"]) for member, row, own in found if member.is_compared]
    # what retention has taken is no small number but none
    is_deleted = of.windows is not None and of.windows.before[0].start < now - timedelta(days=of.retention_days)
    departments = _by_department(found)
    shown = most_first(departments) if of.min_people is None else folded(departments, min_people=of.min_people)
    return CampaignStats.model_validate(
        {
            "campaign_id": of.campaign.id,
            "state": of.campaign.state,
            "opens": sum(row["opens"] for _, row, _ in found),
            "unique": sum(row["unique_opens"] for _, row, _ in found),
            "active_people": sum(row["opens"] > 0 for _, row, _ in found),
            "people": len(of.members),
            "not_counted": sum(row["not_counted"] for _, row, _ in found),
            "dropped": [DroppedHits(**row) for row in answers["campaign_drops"]],
            "active_days": round(of.windows.days, 3) if of.windows else 0.0,
            "baseline": _baseline(of.windows, len(pairs)) if of.windows else None,
            "campaign_against_before": compare(
                [(pair.campaign, pair.before) for pair in pairs], of.windows, is_deleted=is_deleted
            ),
            "everyday_against_before": compare(
                [(pair.during, pair.before) for pair in pairs], of.windows, is_deleted=is_deleted
            ),
            "daily": _daily(of, answers),
            "by_department": [_department(item) for item in shown],
            "by_person": _by_person(found) if of.min_people is None else [],
            "are_people_shown": of.min_people is None,
            "department_min_people": of.min_people,
            "time_zone": str(of.zone),
            "as_of": counted.as_of,
        }
    )


async def questions(
    clickhouse: ClickHouse, closed_days: ClosedDays, of: Subject, *, now: datetime
) -> dict[str, Mapping[str, object]]:
    """Return which named queries say the same as `count`, and what they are asked; before the start only drops."""
    if of.windows is None:
        return {"campaign_drops": _drops(of)}
    ids = [pixel.user_id for pixel in of.pixels.of] or [_NOBODY]  # a text to be read may be of any length
    asked = await _asked(clickhouse, closed_days, of, of.windows, [ids], now=now)
    return {"campaign_drops": _drops(of), closed_parts.QUERY: asked.look} | asked.whole


@dataclass(frozen=True, slots=True)
class _Asked:
    """Parameters: by the query's name of each question as a whole, about the people named first; with their names
    those of counted parts alone; those of the other parts."""

    look: Mapping[str, object]
    whole: dict[str, Mapping[str, object]]
    counted: list[tuple[str, Mapping[str, object]]]
    settled: list[Mapping[str, object]]
    open: list[Mapping[str, object]]


async def _asked(
    clickhouse: ClickHouse,
    closed_days: ClosedDays,
    of: Subject,
    compared: Windows,
    named: Sequence[Sequence[UUID]],
    *,
    now: datetime,
) -> _Asked:
    """Ask about people's own pixels once for each group of `named`; about everybody if the only group is empty."""
    own, base = stretches_of(compared)
    days = days_around([_period(it) for it in (*own, *base)], of.zone)
    organisation_id = of.campaign.organisation_id
    closed = await closed_days.look(clickhouse, organisation_id, [*own, *base], day_starts=days.starts, now=now)
    own_split, base_split = (closed.split(it, day_starts=days.starts, today=now) for it in (own, base))
    scope = {"organisation_id": organisation_id, "exclude_bots": of.exclude_bots}
    span, both = around(compared.during), around([*compared.before, *compared.during])
    of_own = scope | {"campaign_id": of.campaign.id}
    people = [_people(ids) | {"during_at": span.start} for ids in named]
    whole: dict[str, Mapping[str, object]] = {}
    counted: list[tuple[str, Mapping[str, object]]] = []
    for name, parameters, split, time, is_cut in (
        ("campaign_opens_by_user", of_own, own_split, span, False),
        ("campaign_opens_daily", of_own, own_split, span, True),
        *(("campaign_baseline_by_user", scope | some, base_split, both, False) for some in people),
        *(("campaign_baseline_daily", scope | some, base_split, both, True) for some in people),
    ):
        zone = of.zone if is_cut else None
        whole.setdefault(name, parameters | _between(time, zone) | split.parameters(is_cut=is_cut))
        # only the time that is counted, which stays the same while the campaign goes on
        counted.append((name, parameters | _between(_period(split.counted), zone) | split.counted_alone(is_cut=is_cut)))
    # the campaign's own pixels are asked about with the first people only
    rest = [(of_own | some, number == 0) for number, some in enumerate(people)]
    return _Asked(
        look=closed_parts.question(organisation_id, [*own, *base], day_starts=days.starts),
        whole=whole,
        counted=counted,
        settled=[it | _of_views(own_split.settled if first else [], base_split.settled, of.zone) for it, first in rest],
        open=[it | _of_views(own_split.open if first else [], base_split.open, of.zone) for it, first in rest],
    )


def _people(ids: Sequence[UUID]) -> dict[str, object]:
    return {"packed_ids": b64encode(b"".join(id_.bytes for id_ in ids)).decode(), "count": len(ids)}


def _of_views(own: Sequence[Stretch], base: Sequence[Stretch], zone: ZoneInfo) -> dict[str, object]:
    """Return the stretches of the campaign's pixels and of people's own, and what lies around all of them."""
    edges = [edge for stretch in (*own, *base) for edge in stretch] or [0]
    between = _between(_period(Stretch(min(edges), max(edges))), zone)
    return between | starts_and_ends(own) | starts_and_ends(base, name="base")


def _drops(of: Subject) -> dict[str, object]:
    scope = {"organisation_id": of.campaign.organisation_id, "campaign_id": of.campaign.id}
    return scope | {"from_at": of.campaign.created_at}


def _period(stretch: Stretch) -> Period:
    return Period(datetime.fromtimestamp(stretch.start, UTC), datetime.fromtimestamp(stretch.end, UTC))


def _between(time: Period, zone: ZoneInfo | None) -> dict[str, object]:
    """Return from when to when, and how far the zone, if there is one, is ahead of UTC then."""
    ahead = offsets(time, zone).parameters if zone is not None else {}
    return {"from_at": time.start, "until_at": time.end} | ahead


def _baseline(compared: Windows, people: int) -> Baseline:
    return Baseline(
        first_at=compared.before[0].start,
        until_at=compared.before[-1].end,
        weeks_before=compared.weeks,
        days=round(compared.days_before, 3),
        people=people,
    )


def _daily(of: Subject, answers: Mapping[str, Rows]) -> list[CampaignDay]:
    if of.windows is None:
        return []
    own = {row["date"]: row for row in answers["campaign_opens_daily"]}
    base = {row["date"]: row for row in answers["campaign_baseline_daily"]}
    days = []
    for day in local_days(of.windows.during, of.zone):
        opens, then = own.get(day, {}), day - timedelta(weeks=of.windows.weeks)
        days.append(
            CampaignDay(
                date=day,
                opens=opens.get("opens", 0),
                unique=opens.get("unique_opens", 0),
                everyday=base.get(day, {}).get("during", 0),
                before=base.get(then, {}).get("before", 0),
                active=round(active_share(of.windows.during, days_period(day, day, of.zone)), 4),
            )
        )
    return days


def _by_person(found: Sequence[Found]) -> list[dict[str, Any]]:
    people = [
        {
            "user_id": member.user_id,
            "name": member.name,
            "department": member.department,
            "opens": row["opens"],
            "unique": row["unique_opens"],
            "everyday": own["during"],
            "before": own["before"],
            "is_active": member.is_active,
        }
        for member, row, own in found
    ]
    return sorted(people, key=lambda person: (-person["opens"], person["name"].casefold(), person["user_id"].int))


def _by_department(found: Sequence[Found]) -> list[DepartmentOpens]:
    return tallied((member.department, row["opens"], row["unique_opens"], row["opens"] > 0) for member, row, _ in found)


def _department(item: DepartmentOpens) -> Department:
    return Department(
        department=item.name,
        opens=item.opens,
        users=item.people,
        unique=item.unique,
        active_users=item.active,
        kind=item.kind,
    )
