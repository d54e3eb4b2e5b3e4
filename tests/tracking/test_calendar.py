"""Property tests of days, weeks and months in every kind of zone, and the transitions that break naive code."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadInputError
from app.tracking.calendar import (
    MONDAY,
    SUNDAY,
    checked_time_zone,
    last_days,
    local_date,
    periods,
    start_of_day,
    start_of_week,
    week_starts_on,
)

ZONES = [
    "UTC", "Asia/Riyadh", "Asia/Kathmandu", "Asia/Kolkata", "Europe/Berlin", "America/New_York", "America/St_Johns",
    "Australia/Lord_Howe", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "Pacific/Apia", "Pacific/Kiritimati",
    "America/Sao_Paulo", "Asia/Tehran", "America/Havana", "Atlantic/Azores", "Africa/Casablanca",
]  # fmt: skip
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(datetime(2012, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
week_starts = st.sampled_from([MONDAY, SUNDAY])
TICK = timedelta(microseconds=1)


@given(moments, zones)
def test_every_moment_lies_in_the_day_of_its_date(moment: datetime, zone: ZoneInfo) -> None:
    day = local_date(moment, zone)
    assert start_of_day(day, zone) <= moment < start_of_day(day + timedelta(days=1), zone)


@given(st.dates(date(2012, 1, 1), date(2035, 1, 1)), zones)
def test_a_day_starts_with_its_first_moment(day: date, zone: ZoneInfo) -> None:
    start = start_of_day(day, zone)
    assert local_date(start, zone) >= day
    assert local_date(start - TICK, zone) < day


@given(st.dates(date(2012, 1, 1), date(2035, 1, 1)), zones)
def test_days_follow_each_other_without_gap_and_start_on_a_quarter_of_an_hour(day: date, zone: ZoneInfo) -> None:
    start = start_of_day(day, zone)
    length = start_of_day(day + timedelta(days=1), zone) - start
    assert timedelta(0) <= length <= timedelta(hours=25)
    assert start.minute % 15 == start.second == start.microsecond == 0  # what the 15-minute views need


@pytest.mark.parametrize(
    ("zone", "day", "starts_at", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-28T23:00", 23),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-24T22:00", 25),
        ("Asia/Beirut", date(2026, 3, 29), "2026-03-28T22:00", 23),  # midnight does not exist
        ("Africa/Cairo", date(2025, 4, 25), "2025-04-24T22:00", 23),  # midnight does not exist
        ("America/Havana", date(2025, 11, 2), "2025-11-02T04:00", 25),
        ("Asia/Beirut", date(2025, 10, 25), "2025-10-24T21:00", 25),  # 23:00 happens twice
        ("Australia/Lord_Howe", date(2026, 4, 5), "2026-04-04T13:00", 24.5),
        ("Pacific/Apia", date(2011, 12, 30), "2011-12-30T10:00", 0),  # skipped whole
        ("Asia/Riyadh", date(2026, 3, 29), "2026-03-28T21:00", 24),
    ],
)
def test_days_of_transitions_are_as_long_as_people_lived_them(
    zone: str, day: date, starts_at: str, hours: float
) -> None:
    start = start_of_day(day, ZoneInfo(zone))
    assert start == datetime.fromisoformat(starts_at).replace(tzinfo=UTC)
    assert start_of_day(day + timedelta(days=1), ZoneInfo(zone)) - start == timedelta(hours=hours)


@given(st.dates(date(2012, 1, 1), date(2035, 1, 1)), week_starts)
def test_a_week_starts_on_its_day_at_most_six_days_ago(day: date, week_start: int) -> None:
    start = start_of_week(day, week_start)
    assert start.isoweekday() == week_start
    assert timedelta(0) <= day - start < timedelta(days=7)


@given(moments, zones, week_starts)
def test_periods_hold_now_and_nest(moment: datetime, zone: ZoneInfo, week_start: int) -> None:
    cut = periods(moment, zone, week_start)
    for period in (cut.today, cut.this_week, cut.this_month):
        assert period.start <= moment < period.end
    assert cut.this_week.start <= cut.today.start
    assert cut.this_month.start <= cut.today.start
    assert cut.last_week.end == cut.this_week.start
    assert cut.last_week_to_date.start == cut.last_week.start
    assert cut.last_week.start <= cut.last_week_to_date.end <= cut.last_week.end
    assert local_date(cut.this_month.start - TICK, zone).month != local_date(moment, zone).month


@given(moments, zones, week_starts)
def test_last_week_to_date_ends_on_the_same_weekday_at_the_same_wall_clock_time(
    moment: datetime, zone: ZoneInfo, week_start: int
) -> None:
    then = periods(moment, zone, week_start).last_week_to_date.end
    now = moment.astimezone(zone)
    offsets = {(moment - timedelta(days=days)).astimezone(zone).utcoffset() for days in range(-1, 10)}
    if len(offsets) == 1:  # without a transition near there is only one right answer
        assert then.astimezone(zone).replace(tzinfo=None) == now.replace(tzinfo=None) - timedelta(days=7)
    else:
        assert abs((moment - timedelta(days=7)) - then) <= timedelta(hours=24)


def test_last_week_to_date_over_a_change_of_clocks_is_like_for_like() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 3, 31, 10, 30, tzinfo=berlin)  # Tuesday; clocks changed on Sunday
    then = periods(now.astimezone(UTC), berlin, MONDAY).last_week_to_date.end
    assert then == datetime(2026, 3, 24, 9, 30, tzinfo=UTC)


@given(moments, zones, st.integers(1, 366))
def test_last_days_are_consecutive_and_end_today(moment: datetime, zone: ZoneInfo, count: int) -> None:
    days = last_days(moment, count, zone)
    assert len(days) == count
    assert days[-1] == local_date(moment, zone)
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(days))


@pytest.mark.parametrize(("locale", "day"), [("en", MONDAY), ("ar", SUNDAY), ("ar-SA", SUNDAY), ("de", MONDAY)])
def test_weeks_start_as_readers_of_the_locale_expect(locale: str, day: int) -> None:
    assert week_starts_on(locale) == day


NO_ZONES = ["", "Mars/Base", "../../etc/passwd", "../etc", "/etc/localtime", "Europe", "a\0b", "x" * 300]
FILES = ["posixrules", "localtime", "Factory", "posix/Europe/Berlin", "right/UTC"]
"""What `ZoneInfo` may open, and ClickHouse does not know, or nobody lives in."""


@pytest.mark.parametrize("name", NO_ZONES + FILES)
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    with pytest.raises(BadInputError, match="timeZone"):
        checked_time_zone(name)


def test_a_time_zone_is_kept_as_it_is_spelt() -> None:
    assert checked_time_zone("europe/berlin") == "Europe/Berlin"
