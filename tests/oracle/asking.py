"""Asks a query as the API does: some in several questions whose answers are joined.

Of those over closed days it asks first which parts of their time are counted. Where there are two ways to ask, both
must say the same.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.campaigns import statistics
from app.team import service
from app.tracking import summary
from app.tracking.calendar import Period, days_around, local_date, local_days, offsets
from app.tracking.recent import newest_opens
from app.tracking.viewer import Viewer
from app.tracking.zone_data import zone
from clickhouse.client import ClickHouse
from clickhouse.closed_parts import Split, Stretch, closed_parts, starts_and_ends

Parameters = dict[str, Any]
_STRETCHES: dict[str, Callable[[Parameters], list[Stretch]]] = {
    "organisation_opens_by_user": lambda asked: [
        Stretch.of(asked["before_from_at"], asked["before_until_at"]),
        Stretch.of(asked["from_at"], asked["until_at"]),
    ],
    "campaign_opens_by_user": lambda asked: [Stretch.of(asked["from_at"], asked["until_at"])],
    "campaign_opens_daily": lambda asked: [Stretch.of(asked["from_at"], asked["until_at"])],
    "campaign_baseline_by_user": lambda asked: [Stretch(*it) for it in (*asked["before"], *asked["during"])],
    "campaign_baseline_daily": lambda asked: [Stretch(*it) for it in (*asked["before"], *asked["during"])],
}


async def answer(clickhouse: ClickHouse, name: str, asked: Parameters) -> list[dict[str, Any]]:
    """Return the rows of a query for the parameters of its recount."""
    if name == summary.QUERY:
        return [dict(row) for row in (await summary.summaries(clickhouse, **asked)).values()]
    if name == "user_opens_recent":
        viewer = Viewer(asked["organisation_id"], asked["user_id"], "UTC", "en-US", asked["exclude_bots"])
        whole = await clickhouse.query(name, asked)
        assert await newest_opens(clickhouse, viewer, limit=asked["limit"]) == whole, asked
        return whole
    if name not in _STRETCHES:
        return await clickhouse.query(name, _without_zone(name, asked))
    stretches = _STRETCHES[name](asked)
    is_cut = "time_zone" in asked
    known = dict(asked)
    starts: tuple[int, ...] = ()
    if is_cut:
        times = [Period(_moment(it.start), _moment(it.end)) for it in stretches]
        of = zone(known.pop("time_zone"))
        days = days_around(times, of)
        around = Period(min(it.start for it in times), max(it.end for it in times))
        starts, known = days.starts, known | offsets(around, of).parameters
    closed = await closed_parts(clickhouse, asked["organisation_id"], stretches, day_starts=starts)
    today = _moment(stretches[-1].start)
    split = closed.split(stretches, day_starts=starts, today=today)
    if name == "organisation_opens_by_user":
        known["first_at"] = known.pop("before_from_at")
        del known["before_until_at"]
    if "during" in known:
        begins, ends = [start for start, _ in known.pop("before")], [end for _, end in asked["during"]]
        known["during_at"] = _moment(known.pop("during")[0][0])
        known |= {"from_at": _moment(begins[0]), "until_at": _moment(ends[-1])}
    whole = await clickhouse.query(name, known | split.parameters(is_cut=is_cut))
    parts = await _in_parts(clickhouse, name, known, split, is_cut=is_cut)
    assert sorted(parts, key=_order) == sorted(whole, key=_order), (name, asked)
    return whole


def _without_zone(name: str, asked: Parameters) -> Parameters:
    """Return what ClickHouse is told instead of the zone of a recount."""
    if "time_zone" not in asked:
        return asked
    known = dict(asked)
    of, period = zone(known.pop("time_zone")), Period(asked["from_at"], asked["until_at"])
    known |= offsets(period, of).parameters
    if name == "user_opens_by_hour":
        last = local_date(period.end - timedelta(microseconds=1), of)
        days = local_days(local_date(period.start, of), last, of).dates if period.start < period.end else ()
        known["weekdays"] = [day.isoweekday() for day in days]
    return known


async def _in_parts(
    clickhouse: ClickHouse, name: str, known: Parameters, split: Split, *, is_cut: bool
) -> list[dict[str, Any]]:
    """Return the rows of a query from what is counted of its time, and from what is not."""
    counted_alone = known | split.counted_alone(is_cut=is_cut)
    if split.revisions:  # as the campaigns ask: only about the time that is counted
        counted_alone |= {"from_at": _moment(split.counted.start), "until_at": _moment(split.counted.end)}
    if name == "organisation_opens_by_user":
        counted, settled, opened = await asyncio.gather(
            clickhouse.query(name, known | split.counted_alone()),
            clickhouse.query("organisation_opens_open", known | starts_and_ends(split.settled)),
            clickhouse.query("organisation_opens_open", known | starts_and_ends(split.open)),
        )
        rows = service.joined(counted, [*settled, *opened])
        return [row for row in rows if row["opens"] + row["opens_before"]]
    of_base = "packed_ids" in known
    nothing = {"packed_ids": "", "count": 0, "campaign_id": UUID(int=99), "during_at": known["from_at"]}
    asked = nothing | {"offset_starts": [0], "offsets": [0]} | known
    here, elsewhere = ("base", "open") if of_base else ("open", "base")
    counted, settled, opened = await asyncio.gather(
        clickhouse.query(name, counted_alone),
        clickhouse.query(
            "campaign_open", asked | starts_and_ends(split.settled, name=here) | starts_and_ends([], name=elsewhere)
        ),
        clickhouse.query(
            "campaign_open", asked | starts_and_ends(split.open, name=here) | starts_and_ends([], name=elsewhere)
        ),
    )
    rows = statistics.joined([(name, counted)], [*settled, *opened])[name]
    is_kept = ("before", "during") if of_base else ("opens",) if is_cut else ("opens", "not_counted")
    return [dict(row) for row in rows if any(row[column] for column in is_kept)]


def _order(row: dict[str, Any]) -> str:
    return str(row.get("user_id", row.get("date")))


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
