"""Which named queries answer for a person, and with which parameters; asked by `statistics`, shown by `explain`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from app.tracking.calendar import (
    Period,
    days_period,
    last_days,
    local_date,
    local_days,
    offsets,
    periods,
    start_of_week,
)
from app.tracking.viewer import Viewer

Parameters = Mapping[str, object]

PEAK_HOURS = 3
PEAK_WEEKS = 4
"""Complete weeks that peak hours are averaged over."""
PEAK_FEWEST_OPENS = 5
"""Opens that an hour of the week needs in those weeks to be named at all: fewer are chance."""
DEVICE_DAYS = 30
"""Local days, today included, whose devices are shown."""


def by_period(viewer: Viewer, now: datetime) -> Parameters:
    """Ask `user_opens_by_period`."""
    cut = periods(now, viewer.zone, viewer.week_start)
    return _person(viewer) | {
        "today_at": cut.today.start,
        "tomorrow_at": cut.today.end,
        "week_at": cut.this_week.start,
        "last_week_at": cut.last_week.start,
        "last_week_until_at": cut.last_week_to_date.end,
        "month_at": cut.this_month.start,
    }


def by_hour(viewer: Viewer, now: datetime) -> Parameters:
    """Ask `user_opens_by_hour` about the last complete weeks."""
    this_week = start_of_week(local_date(now, viewer.zone), viewer.week_start)
    first, last = this_week - timedelta(weeks=PEAK_WEEKS), this_week - timedelta(days=1)
    whole = days_period(first, last, viewer.zone)
    weekdays = {"weekdays": [day.isoweekday() for day in local_days(first, last, viewer.zone).dates]}
    return _person(viewer) | _range(whole) | offsets(whole, viewer.zone).parameters | weekdays | {"limit": PEAK_HOURS}


def by_device(viewer: Viewer, now: datetime) -> Parameters:
    """Ask `user_opens_by_device` about the last days."""
    return _person(viewer) | _range(_last(DEVICE_DAYS, viewer, now)[1])


def not_counted(viewer: Viewer, now: datetime) -> Parameters:
    """Ask `user_opens_not_counted` about this week."""
    cut = periods(now, viewer.zone, viewer.week_start)
    return _person(viewer) | _range(Period(cut.this_week.start, cut.today.end))


def daily(viewers: Sequence[Viewer], now: datetime, days: int) -> tuple[list[date], Parameters]:
    """Return the local dates, today last, and how to ask `user_opens_daily` about people with their days in common."""
    viewer = viewers[0]
    assert {it.days for it in viewers} == {viewer.days}
    dates, whole = _last(days, viewer, now)
    asked = {name: value for name, value in _person(viewer).items() if name != "user_id"}
    people = {"user_ids": [it.user_id for it in viewers]}
    return dates, asked | people | _range(whole) | offsets(whole, viewer.zone).parameters


def recent(viewer: Viewer, limit: int) -> Parameters:
    """Ask `user_opens_recent`."""
    return _person(viewer) | {"limit": limit}


def newest(viewer: Viewer, limit: int) -> Parameters:
    """Ask `user_opens_newest`."""
    return last_stored(viewer) | {"limit": limit}


def last_stored(viewer: Viewer) -> dict[str, object]:
    """Ask `last_stored_at`."""
    return {"organisation_id": viewer.organisation_id, "user_id": viewer.user_id}


def _person(viewer: Viewer) -> dict[str, object]:
    return {
        "organisation_id": viewer.organisation_id,
        "user_id": viewer.user_id,
        "exclude_bots": viewer.exclude_bots,
    }


def _range(period: Period) -> dict[str, object]:
    return {"from_at": period.start, "until_at": period.end}


def _last(days: int, viewer: Viewer, now: datetime) -> tuple[list[date], Period]:
    dates = last_days(now, days, viewer.zone)
    return dates, days_period(dates[0], dates[-1], viewer.zone)
