"""The period a manager asks about, in local days of the organisation, and the one before it. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.errors import BadInputError
from app.tracking.calendar import Period, days_period, local_date, same_time_days_ago

MOST_DAYS = 3660


@dataclass(frozen=True, slots=True)
class TeamPeriod:
    """Local days `first` to `last`, both included, and the same number of days before them.

    A period that is not over is compared like for like: `before` then ends at the same local time of day.
    """

    first: date
    last: date
    asked: Period
    before: Period
    is_running: bool

    @property
    def days(self) -> int:
        """Number of local days."""
        return (self.last - self.first).days + 1

    @property
    def first_before(self) -> date:
        """First local day of the period before."""
        return self.first - timedelta(days=self.days)

    @property
    def last_before(self) -> date:
        """Last local day of the period before."""
        return self.first - timedelta(days=1)


def asked_period(
    *, days: int | None, first: date | None, last: date | None, now: datetime, zone: ZoneInfo
) -> TeamPeriod:
    """Return the last `days` days, today included (default 30), or those from `first` to `last`.

    Raises `BadInputError` for half a range, a range with `days`, one that ends before it starts, or one too long.
    """
    today = local_date(now, zone)
    if first is None and last is None:
        return _period(today - timedelta(days=(days or 30) - 1), today, now=now, zone=zone)
    if days is not None:
        raise BadInputError("days: send either days, or from and to.", field="days")
    if first is None or last is None:
        field = "from" if first is None else "to"
        raise BadInputError(f"{field}: from and to belong together, as YYYY-MM-DD.", field=field)
    if last < first:
        raise BadInputError(f"to: {last} is before from, {first}.", field="to")
    if first.year < 2000 or last.year > 2200:  # outside, dates near the ends of the calendar would overflow
        raise BadInputError("from: years 2000 to 2200 are possible.", field="from")
    if (last - first).days >= MOST_DAYS:
        raise BadInputError(f"to: at most {MOST_DAYS} days at once.", field="to")
    return _period(first, last, now=now, zone=zone)


def _period(first: date, last: date, *, now: datetime, zone: ZoneInfo) -> TeamPeriod:
    asked = days_period(first, last, zone)
    length = (last - first).days + 1
    before = days_period(first - timedelta(days=length), first - timedelta(days=1), zone)
    is_running = now < asked.end
    if is_running:
        until = max(before.start, same_time_days_ago(now, length, zone))
        before = Period(before.start, _rounded_down(until))
    return TeamPeriod(first, last, asked, before, is_running)


def _rounded_down(moment: datetime) -> datetime:
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
