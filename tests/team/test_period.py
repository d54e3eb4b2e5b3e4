from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadInputError
from app.team.period import asked_period

NEW_YORK = ZoneInfo("America/New_York")
ZONES = st.sampled_from(["UTC", "Asia/Riyadh", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]).map(
    ZoneInfo
)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


def test_days_end_today_and_are_compared_with_as_many_before_up_to_the_same_time() -> None:
    now = datetime(2026, 3, 9, 16, 7, tzinfo=UTC)  # noon in New York, a day after its clocks went forward
    found = asked_period(days=2, first=None, last=None, now=now, zone=NEW_YORK)
    assert (found.first, found.last, found.days) == (date(2026, 3, 8), date(2026, 3, 9), 2)
    assert (found.first_before, found.last_before) == (date(2026, 3, 6), date(2026, 3, 7))
    assert found.asked.end - found.asked.start == timedelta(hours=47)
    assert found.is_running
    assert found.before.start == datetime(2026, 3, 6, 5, tzinfo=UTC)
    assert found.before.end == datetime(2026, 3, 7, 17, 0, tzinfo=UTC)  # 12:07 there, rounded down to a quarter


def test_a_period_that_is_over_is_compared_with_whole_days() -> None:
    now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    found = asked_period(days=None, first=date(2026, 3, 8), last=date(2026, 3, 8), now=now, zone=NEW_YORK)
    assert not found.is_running
    assert found.asked.end - found.asked.start == timedelta(hours=23)
    assert found.before.end == found.asked.start
    assert found.before.end - found.before.start == timedelta(hours=24)


def test_a_period_that_has_not_begun_is_compared_with_nothing() -> None:
    now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    found = asked_period(days=None, first=date(2026, 4, 1), last=date(2026, 4, 3), now=now, zone=NEW_YORK)
    assert found.before.end <= found.before.start or found.before.end <= found.asked.start


@given(now=MOMENTS, days=st.integers(1, 366), zone=ZONES)
def test_both_periods_are_whole_quarters_and_never_overlap(now: datetime, days: int, zone: ZoneInfo) -> None:
    found = asked_period(days=days, first=None, last=None, now=now, zone=zone)
    assert found.days == days
    for moment in (found.asked.start, found.asked.end, found.before.start, found.before.end):
        assert moment.timestamp() % 900 == 0
    assert found.before.start <= found.before.end <= found.asked.start <= now < found.asked.end


@pytest.mark.parametrize(
    ("days", "first", "last", "field"),
    [
        (7, date(2026, 1, 1), date(2026, 1, 2), "days"),
        (None, date(2026, 1, 2), date(2026, 1, 1), "to"),
        (None, date(2026, 1, 2), None, "to"),
        (None, None, date(2026, 1, 2), "from"),
        (None, date(1, 1, 1), date(2, 1, 1), "from"),
        (None, date(9999, 1, 1), date(9999, 12, 31), "from"),
        (None, date(2010, 1, 1), date(2026, 1, 1), "to"),
    ],
)
def test_what_is_no_period_is_named(days: int | None, first: date | None, last: date | None, field: str) -> None:
    with pytest.raises(BadInputError) as raised:
        asked_period(days=days, first=first, last=last, now=datetime(2026, 1, 15, tzinfo=UTC), zone=NEW_YORK)
    assert raised.value.extensions == {"field": field}
