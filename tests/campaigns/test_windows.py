"""What a campaign is compared with: the same weekdays and times of day, pauses left out, over changes of the clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.campaigns.models import CampaignRun
from app.campaigns.windows import BUCKET_SECONDS, active_share, around, local_days, whole_buckets, windows
from app.tracking.calendar import Period, days_period

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 3, 2, 9, 0, tzinfo=BERLIN).astimezone(UTC)
"""A Monday."""


def run(start: datetime, end: datetime | None) -> CampaignRun:
    return CampaignRun(started_at=start, ended_at=end)


def test_three_days_are_compared_with_the_same_weekdays_of_the_week_before() -> None:
    found = windows([run(START, START + timedelta(days=3))], ends_at=None, now=START + timedelta(days=9), zone=BERLIN)
    assert found is not None
    assert found.before == [Period(START - timedelta(days=7), START - timedelta(days=4))]
    assert (found.weeks, found.days, found.days_before) == (1, 3.0, 3.0)


def test_pauses_are_left_out_of_both() -> None:
    day = timedelta(days=1)
    runs = [run(START, START + day), run(START + 5 * day, START + 9 * day)]
    found = windows(runs, ends_at=None, now=START + 20 * day, zone=BERLIN)
    assert found is not None
    assert found.weeks == 2, "nine days need two weeks before them"
    assert found.before == [
        Period(START - 14 * day, START - 13 * day),
        Period(START - 9 * day, START - 5 * day),
    ]
    assert found.days == found.days_before == 5


def test_the_same_wall_clock_is_meant_where_clocks_change() -> None:
    start = datetime(2026, 3, 30, 9, 0, tzinfo=BERLIN)  # the Monday after clocks went forward
    found = windows([run(start.astimezone(UTC), None)], ends_at=None, now=start + timedelta(days=1), zone=BERLIN)
    assert found is not None
    assert found.before[0].start.astimezone(BERLIN).isoformat() == "2026-03-23T09:00:00+01:00"


def test_a_run_without_an_end_lasts_until_its_planned_end_or_now() -> None:
    hour = timedelta(hours=1)
    for ends_at, now, end in ((None, 5, 5), (3, 5, 3), (9, 5, 5)):
        planned = START + ends_at * hour if ends_at else None
        found = windows([run(START, None)], ends_at=planned, now=START + now * hour, zone=BERLIN)
        assert found is not None
        assert found.during[-1].end == START + end * hour
    assert windows([], ends_at=None, now=START, zone=BERLIN) is None
    assert windows([run(START, None)], ends_at=None, now=START, zone=BERLIN) is None


gaps = st.lists(st.integers(1, 400_000), min_size=1, max_size=9)


@given(gaps, st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]))
def test_what_is_compared_lies_before_the_start_and_is_as_long(gaps: list[int], zone: str) -> None:
    moments = [START]
    for gap in [*gaps, 7]:
        moments.append(moments[-1] + timedelta(seconds=gap))
    runs = [run(start, end) for start, end in zip(moments[::2], moments[1::2], strict=False)]
    found = windows(runs, ends_at=None, now=moments[-1] + timedelta(days=1), zone=ZoneInfo(zone))
    assert found is not None
    assert abs(found.days - found.days_before) <= 1 / 12, "clocks change by an hour at most, each way"
    assert all(then.end <= START + timedelta(hours=1) for then in found.before)
    edges = [edge for stretch in whole_buckets(found.during) for edge in stretch]
    assert edges == sorted(edges)
    assert all(edge % BUCKET_SECONDS == 0 for edge in edges)
    whole = around(found.during)
    assert whole.start <= found.during[0].start
    assert found.during[-1].end <= whole.end < found.during[-1].end + timedelta(seconds=BUCKET_SECONDS)
    shares = [
        active_share(found.during, days_period(day, day, ZoneInfo(zone)))
        for day in local_days(found.during, ZoneInfo(zone))
    ]
    assert all(0 <= share <= 1 for share in shares)
    assert shares[0] > 0
