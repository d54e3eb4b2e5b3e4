"""Which stretches of time a campaign is compared with: its own, and the same ones some whole weeks before. Pure."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.campaigns.models import CampaignRun
from app.tracking.calendar import QUARTER, Period, local_date, same_time_days_ago
from clickhouse.closed_parts import Stretch

BUCKET_SECONDS = int(QUARTER / timedelta(seconds=1))
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Windows:
    """When a campaign was active (`during`, exact), and the same local weekdays and times of day, `weeks` before.

    So Monday is compared with Monday, pauses are left out of both, both have the same number of days, and all of
    `before` lies before the start.
    """

    during: Sequence[Period]
    before: Sequence[Period]
    weeks: int

    @property
    def days(self) -> float:
        """Days for which the campaign was active."""
        return _days(self.during)

    @property
    def days_before(self) -> float:
        """The same of what it is compared with; differs by an hour where clocks changed."""
        return _days(self.before)


def windows(runs: Iterable[CampaignRun], *, ends_at: datetime | None, now: datetime, zone: ZoneInfo) -> Windows | None:
    """Return what to compare, or None before the first run. A run without an end lasts until its planned end or now."""
    during = [
        Period(run.started_at, end)
        for run in runs
        if (end := run.ended_at or min(now, ends_at or now)) > run.started_at
    ]
    if not during:
        return None
    weeks = max(1, math.ceil((during[-1].end - during[0].start) / _WEEK))
    before = [
        Period(same_time_days_ago(run.start, 7 * weeks, zone), same_time_days_ago(run.end, 7 * weeks, zone))
        for run in during
    ]
    return Windows(during, before, weeks)


def whole_buckets(periods: Sequence[Period]) -> list[Stretch]:
    """Return each period from bucket to bucket, each edge at the one it lies in: together as long as before."""
    edges = [Stretch(_bucket(period.start), _bucket(period.end)) for period in periods]
    return [stretch for stretch in edges if stretch.start < stretch.end]


def around(periods: Sequence[Period]) -> Period:
    """Return the whole buckets that hold all of the periods, which are in order."""
    end = _bucket(periods[-1].end + timedelta(seconds=BUCKET_SECONDS, microseconds=-1))
    return Period(datetime.fromtimestamp(_bucket(periods[0].start), UTC), datetime.fromtimestamp(end, UTC))


def local_days(periods: Sequence[Period], zone: ZoneInfo) -> list[date]:
    """Return every local day from the first to the last one touched."""
    first = local_date(periods[0].start, zone)
    last = local_date(periods[-1].end - timedelta(microseconds=1), zone)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def active_share(periods: Sequence[Period], day: Period) -> float:
    """Return for which share of a day the campaign was active, 0 to 1."""
    seconds = sum(
        max(0.0, (min(period.end, day.end) - max(period.start, day.start)).total_seconds()) for period in periods
    )
    return seconds / (day.end - day.start).total_seconds()


def _days(periods: Iterable[Period]) -> float:
    return sum((period.end - period.start) / _DAY for period in periods)


def _bucket(moment: datetime) -> int:
    return int(moment.timestamp()) // BUCKET_SECONDS * BUCKET_SECONDS
