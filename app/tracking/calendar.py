"""Days, weeks and months as people live them: pure functions of a moment, a time zone and a locale.

This is the one place that reckons them: ClickHouse, which has zone rules of its own, is told edges of days and offsets.

A local day starts at the first moment that carries its date. Where midnight does not exist (Beirut, Cairo:
clocks jump from 00:00 to 01:00) that is 01:00; where it happens twice it is the first. A day has 23, 24 or 25
hours, so periods are made of local dates and turned into UTC last, never by adding hours.

Views hold quarters of an hour, so days start on one. Since 2012 every zone's do. Where they did not (offsets of seconds
before standard time, clocks set back at 00:01) the day starts with the next quarter, in every number alike.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from app.errors import BadInputError
from app.people.texts import clean_zone

QUARTER = timedelta(minutes=15)
"""Grain of the views."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MONDAY, SUNDAY = 1, 7
"""ISO weekdays."""

_WEEK_START = {"ar": SUNDAY}
"""CLDR names the first day per territory; of our two locales Arabic readers mostly start on Sunday."""


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch of time `[start, end)`, both UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Periods:
    """Everything my-stats asks about, seen from one moment. All ends are the end of the last whole local day,
    except `last_week_to_date`, which ends at the same local weekday and wall-clock time one week ago."""

    today: Period
    this_week: Period
    this_month: Period
    last_week: Period
    last_week_to_date: Period


def checked_time_zone(name: str) -> str:
    """Return the IANA name as it is spelt; raises `BadInputError` if there is no such time zone.

    Being a file that `ZoneInfo` opens is not enough (`posixrules`, `right/UTC`): nobody lives there.
    """
    try:
        return clean_zone(name)
    except ValueError as error:
        raise BadInputError(f"timeZone: {error}.", field="timeZone") from error


def week_starts_on(locale: str) -> int:
    """Return the ISO weekday (1 Monday … 7 Sunday) on which weeks start for readers of `locale`."""
    return _WEEK_START.get(locale.lower()[:2], MONDAY)


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """Return the calendar date of a moment in a zone."""
    return moment.astimezone(zone).date()


@lru_cache(maxsize=4096)
def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment, in UTC, whose local date is `day` (or later, if the zone skipped it).

    A whole quarter of an hour: if the moment is none, the next one.
    """
    return _whole_quarter(_first_moment_of(day, zone))


def _whole_quarter(moment: datetime) -> datetime:
    return moment + (_EPOCH - moment) % QUARTER


def _first_moment_of(day: date, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day, time(), zone)
    if midnight.utcoffset() == midnight.replace(fold=1).utcoffset():
        return midnight.astimezone(UTC)
    before, after = midnight.astimezone(UTC), midnight.replace(fold=1).astimezone(UTC)
    if before < after:  # midnight happens twice: the day starts at the first
        return before
    return _search(day, zone, after, before)  # midnight does not exist


def _search(day: date, zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """Find the jump between two moments: the first one whose local date is at least `day`, to the second."""
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        if local_date(middle, zone) >= day:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)


def start_of_week(day: date, week_start: int) -> date:
    """Return the first day of the week that `day` is in."""
    return day - timedelta(days=(day.isoweekday() - week_start) % 7)


def days_period(first: date, last: date, zone: ZoneInfo) -> Period:
    """Return the moments from the start of `first` to the end of `last`."""
    return Period(start_of_day(first, zone), start_of_day(last + timedelta(days=1), zone))


@dataclass(frozen=True, slots=True)
class LocalDays:
    """Local days, and the second since the epoch at which each starts, ascending; none that the zone skipped."""

    starts: tuple[int, ...]
    dates: tuple[date, ...]


@lru_cache(maxsize=1024)
def local_days(first: date, last: date, zone: ZoneInfo) -> LocalDays:
    """Return the local days from `first` to `last`, both included."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 2)]
    starts = [(int(start_of_day(day, zone).timestamp()), day) for day in days]
    lived = [(start, day) for (start, day), (end, _) in pairwise(starts) if start < end]
    return LocalDays(tuple(start for start, _ in lived), tuple(day for _, day in lived))


def days_around(periods: Iterable[Period], zone: ZoneInfo) -> LocalDays:
    """Return every local day from the first moment of these periods to the last one, which they do not hold."""
    edges = [edge for period in periods for edge in (period.start, period.end)]
    return local_days(local_date(min(edges), zone), local_date(max(edges), zone), zone)


def cuts_of(zones: Mapping[UUID, ZoneInfo]) -> Callable[[UUID, date], list[datetime]]:
    """Return what says where local days start around a UTC day, by organisation; UTC for those without a zone."""

    def cuts(organisation_id: UUID, day: date) -> list[datetime]:
        found = zones.get(organisation_id)
        around = (day + timedelta(days=number) for number in (-1, 0, 1))
        return sorted({start_of_day(local, found) for local in around}) if found is not None else []

    return cuts


@dataclass(frozen=True, slots=True)
class Offsets:
    """Seconds that local time is ahead of UTC, each from a moment on, in seconds since the epoch, ascending."""

    starts: tuple[int, ...]
    seconds: tuple[int, ...]

    @property
    def parameters(self) -> dict[str, object]:
        """What a question is told that groups by local day or hour."""
        return {"offset_starts": list(self.starts), "offsets": list(self.seconds)}

    def at(self, second: int) -> int:
        """Return the offset of a second since the epoch; before the first one, the first."""
        return self.seconds[max(0, bisect_right(self.starts, second) - 1)]


@lru_cache(maxsize=1024)
def offsets(period: Period, zone: ZoneInfo) -> Offsets:
    """Return the offsets that hold within a period of whole quarters of an hour.

    Changes come at least a day apart, so days are compared, and the quarter is searched for where two differ.
    """
    found = [(int(period.start.timestamp()), _ahead(period.start, zone))]
    before = period.start
    while before < period.end:
        after = min(before + timedelta(days=1), period.end)
        if _ahead(after, zone) != found[-1][1]:
            change = _change(before, after, zone)
            found.append((int(change.timestamp()), _ahead(after, zone)))
        before = after
    return Offsets(tuple(start for start, _ in found), tuple(ahead for _, ahead in found))


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first quarter of an hour between two with the later one's offset."""
    while after - before > QUARTER:
        middle = before + (after - before) // QUARTER // 2 * QUARTER
        if _ahead(middle, zone) == _ahead(after, zone):
            after = middle
        else:
            before = middle
    return after


def _ahead(moment: datetime, zone: ZoneInfo) -> int:
    return int((moment.astimezone(zone).utcoffset() or timedelta(0)).total_seconds())


def last_days(now: datetime, count: int, zone: ZoneInfo) -> list[date]:
    """Return the last `count` local dates, oldest first, today last."""
    today = local_date(now, zone)
    return [today - timedelta(days=count - 1 - index) for index in range(count)]


def periods(now: datetime, zone: ZoneInfo, week_start: int) -> Periods:
    """Return the periods of my-stats as seen at `now`."""
    today = local_date(now, zone)
    week = start_of_week(today, week_start)
    last_week = week - timedelta(days=7)
    month = today.replace(day=1)
    next_month = (month + timedelta(days=31)).replace(day=1)
    last_week_start = start_of_day(last_week, zone)
    return Periods(
        today=days_period(today, today, zone),
        this_week=days_period(week, week + timedelta(days=6), zone),
        this_month=days_period(month, next_month - timedelta(days=1), zone),
        last_week=days_period(last_week, week - timedelta(days=1), zone),
        last_week_to_date=Period(last_week_start, _same_time_last_week(now, zone, last_week_start)),
    )


def _same_time_last_week(now: datetime, zone: ZoneInfo, earliest: datetime) -> datetime:
    return max(earliest, same_time_days_ago(now, 7, zone))


def same_time_days_ago(now: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the moment with the same wall-clock time some local days earlier, within that very day.

    A wall-clock time that did not exist then means the moment after the clocks jumped over it.
    """
    local = now.astimezone(zone)
    day = local.date() - timedelta(days=days)
    then = datetime.combine(day, local.time(), zone).replace(fold=local.fold).astimezone(UTC)
    return max(start_of_day(day, zone), min(then, start_of_day(day + timedelta(days=1), zone)))
