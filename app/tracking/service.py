"""Statistics of a person's opens: asks ClickHouse the named questions and shapes the answers."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.errors import UnavailableError
from app.identity.models import User
from app.store.database import Database
from app.tracking import questions
from app.tracking.calendar import local_date
from app.tracking.figures import one_decimal, trend, whole_percentages
from app.tracking.recent import newest_opens
from app.tracking.schemas import (
    WEEKDAYS,
    ByDevice,
    DailyOpens,
    DayOpens,
    MyStats,
    NotCounted,
    Opens,
    PeakHour,
    RecentOpen,
    RecentOpens,
)
from app.tracking.summary import NOTHING, PERIODS, summaries
from app.tracking.viewer import Viewer
from clickhouse.client import ClickHouse

Rows = Sequence[dict[str, Any]]
_NO_OPENS = {"opens": 0, "unique_opens": 0}


async def my_stats_together(clickhouse: ClickHouse, viewers: Sequence[Viewer], now: datetime) -> list[MyStats]:
    """Count my-stats of people who have their days in common (`Viewer.days`), in the order given, as of `now`."""
    summary = await summaries(clickhouse, viewers, now=now)
    found = [summary.get(viewer.user_id, NOTHING) for viewer in viewers]
    rest = {
        number: _completed(clickhouse, viewer, row, now)
        for number, (viewer, row) in enumerate(zip(viewers, found, strict=True))
        if "corrected" in row["reasons"][0] or row["last_open_at"] is None
    }
    for number, row in zip(rest, await asyncio.gather(*rest.values()), strict=True):
        found[number] = row
    return [_my_stats(viewer, row, now) for viewer, row in zip(viewers, found, strict=True)]


async def _completed(
    clickhouse: ClickHouse, viewer: Viewer, found: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    """Ask what the summary does not say: what opens were corrected to, and about opens before its weeks."""
    row = dict(found)
    if "corrected" in row["reasons"][0]:
        rows = await clickhouse.query("user_opens_not_counted", questions.not_counted(viewer, now))
        row["reasons"] = ([it["reason"] for it in rows], [it["opens"] for it in rows])
    if row["last_open_at"] is None:
        last = await clickhouse.query("last_stored_at", questions.last_stored(viewer))
        row["last_open_at"] = last[0]["last_open_at"] if last else None
    return row


def _my_stats(viewer: Viewer, found: Mapping[str, Any], now: datetime) -> MyStats:
    opens = {name: Opens(opens=found[f"{name}_opens"], unique=found[f"{name}_unique"]) for name in PERIODS}
    reasons = dict(zip(*found["reasons"], strict=True))
    by_device = [{"device": device, "opens": count} for device, count in zip(*found["devices"], strict=True)]
    return MyStats(
        today=opens["today"],
        today_date=local_date(now, viewer.zone),
        this_week=opens["this_week"],
        this_month=opens["this_month"],
        trend=trend(opens["this_week"].opens, opens["last_week_to_date"].opens),
        peak_hours=_peak_hours(_busiest(*found["hours"])),
        by_device=_by_device(by_device),
        last_week=opens["last_week"],
        last_week_to_date=opens["last_week_to_date"],
        not_counted=NotCounted(opens=sum(reasons.values()), by_reason=reasons),
        time_zone=viewer.time_zone,
        week_starts_on=viewer.week_start,
        as_of=now,
        last_open_at=found["last_open_at"],
    )


async def daily_opens_together(
    clickhouse: ClickHouse, viewers: Sequence[Viewer], now: datetime, *, days: int
) -> list[DailyOpens]:
    """Count the opens of the last `days` local days, oldest first, with zeros where there were none, of each person.

    They must have their days in common (`Viewer.days`).
    """
    dates, parameters = questions.daily(viewers, now, days)
    rows = {(row["user_id"], row["date"]): row for row in await clickhouse.query("user_opens_daily", parameters)}
    return [_daily(viewer, dates, rows) for viewer in viewers]


def _daily(viewer: Viewer, dates: Sequence[date], rows: Mapping[tuple[UUID, date], Mapping[str, int]]) -> DailyOpens:
    found = ((day, rows.get((viewer.user_id, day), _NO_OPENS)) for day in dates)
    return DailyOpens(
        data=[DayOpens(date=day, opens=row["opens"], unique=row["unique_opens"]) for day, row in found],
        time_zone=viewer.time_zone,
    )


async def recent_opens(clickhouse: ClickHouse, viewer: Viewer, *, limit: int) -> RecentOpens:
    """Return the newest opens of any class, newest first."""
    return RecentOpens(data=[_recent(row) for row in await newest_opens(clickhouse, viewer, limit=limit)])


async def mark_dashboard_seen(database: Database, user: User, *, now: datetime) -> None:
    """Note that this person looked at their dashboard (SPEC H20); at most once a UTC day, if the store is free."""
    seen = user.dashboard_seen_at
    if seen is not None and seen.date() >= now.astimezone(UTC).date():
        return
    with contextlib.suppress(UnavailableError):
        async with database.noting() as session:
            await session.execute(update(User).where(User.id == user.id).values(dashboard_seen_at=now))


def _busiest(keys: Sequence[int], opens: Sequence[int]) -> Rows:
    """Return the busiest hours of the week as `user_opens_by_hour` does; all weeks are whole."""
    rows = [
        {"weekday": key // 24, "hour": key % 24, "average_opens": count / questions.PEAK_WEEKS}
        for key, count in zip(keys, opens, strict=True)
    ]
    return sorted(rows, key=lambda row: (-row["average_opens"], row["weekday"], row["hour"]))[: questions.PEAK_HOURS]


def _peak_hours(rows: Rows) -> list[PeakHour]:
    """Leave out hours with too few opens to say anything: three opens make no habit."""
    return [
        PeakHour(hour=row["hour"], day=WEEKDAYS[row["weekday"] - 1], avg_opens=one_decimal(row["average_opens"]))
        for row in rows
        if row["average_opens"] * questions.PEAK_WEEKS >= questions.PEAK_FEWEST_OPENS
    ]


def _by_device(rows: Rows) -> ByDevice:
    """Unknown devices are left out of the denominator: a proxy says nothing about the reader's machine."""
    opens = {row["device"]: row["opens"] for row in rows}
    desktop, mobile, tablet = whole_percentages([opens.get(name, 0) for name in ("desktop", "mobile", "tablet")])
    return ByDevice(desktop=desktop, mobile=mobile, tablet=tablet)


def _recent(row: dict[str, Any]) -> RecentOpen:
    limited = ["rate_limited"] if row["is_rate_limited"] else []
    return RecentOpen(
        id=row["id"],
        at=row["at"],
        open_class=row["open_class"],
        is_counted=row["is_counted"],
        device=row["device"],
        country=row["country"] or None,
        reasons=limited + list(row["reasons"]),
        confidence=min(1.0, max(0.0, round(row["confidence"], 3))),  # Float32: 0.9 comes back as 0.8999999762
    )
