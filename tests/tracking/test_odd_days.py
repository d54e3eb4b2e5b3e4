"""Days on which clocks change, counted by ClickHouse from what it is told, against every open's own local time."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.tracking.calendar import local_date, start_of_day
from app.tracking.service import daily_opens_together
from app.tracking.summary import summaries
from app.tracking.viewer import Viewer
from app.tracking.zone_data import zone
from clickhouse.client import ClickHouse
from tests.fixtures.log import Open, clickhouse, migrated_url, store

__all__ = ["clickhouse", "migrated_url"]

ODD_DAYS = [
    ("Asia/Beirut", date(2026, 3, 29)),  # no midnight
    ("Asia/Beirut", date(2025, 10, 26)),  # 23:00 twice
    ("Africa/Cairo", date(2026, 4, 24)),  # no midnight
    ("America/Havana", date(2026, 11, 1)),  # midnight twice
    ("America/Santiago", date(2026, 9, 6)),  # no midnight
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour twice
    ("America/Vancouver", date(2026, 11, 1)),  # clocks no longer change
    ("Africa/Casablanca", date(2026, 2, 15)),  # Ramadan
    ("Asia/Kathmandu", date(2026, 1, 1)),  # a quarter of an hour beside the others
    ("Pacific/Apia", date(2011, 12, 31)),  # there was no 30th
]
ORGANISATION = UUID(int=1)
QUARTER = timedelta(minutes=15)


def _moments(name: str, day: date) -> list[datetime]:
    """Return every quarter of an hour of the day, and some days around it."""
    start, end = (start_of_day(day + timedelta(days=days), zone(name)) for days in (-3, 2))
    return [start + QUARTER * number for number in range((end - start) // QUARTER)]


async def test_each_open_is_of_the_local_day_and_hour_of_its_own_moment(clickhouse: ClickHouse):
    rows = [
        Open(at=moment + timedelta(seconds=1), organisation_id=ORGANISATION, user_id=UUID(int=10 + number))
        for number, (name, day) in enumerate(ODD_DAYS)
        for moment in _moments(name, day)
    ]
    await store(clickhouse, rows)
    for number, (name, day) in enumerate(ODD_DAYS):
        of = zone(name)
        viewer = Viewer(ORGANISATION, UUID(int=10 + number), name, "en-US", exclude_bots=True)
        local = [row.at.astimezone(of) for row in rows if row.user_id == viewer.user_id]
        for ahead in (0, 1):
            now = start_of_day(day + timedelta(days=ahead + 1), of) - timedelta(minutes=1)
            [daily] = await daily_opens_together(clickhouse, [viewer], now, days=4)
            counted = Counter(moment.date() for moment in local)
            assert {it.date: it.opens for it in daily.data} == {it.date: counted[it.date] for it in daily.data}, name
            summary = (await summaries(clickhouse, [viewer], now=now))[viewer.user_id]
            assert summary["today_opens"] == daily.data[-1].opens == counted[local_date(now, of)], name
        later = start_of_day(day + timedelta(days=14), of)
        keys, opens = (await summaries(clickhouse, [viewer], now=later))[viewer.user_id]["hours"]
        assert dict(zip(keys, opens, strict=True)) == Counter(24 * it.isoweekday() + it.hour for it in local), name


@pytest.mark.parametrize("name", sorted({name for name, _ in ODD_DAYS}))
def test_no_day_of_a_year_is_cut_within_a_quarter_of_an_hour(name: str):
    for number in range(370):
        start = start_of_day(date(2026, 1, 1) + timedelta(days=number), zone(name))
        assert (start - datetime(1970, 1, 1, tzinfo=UTC)) % QUARTER == timedelta(0)


def test_a_day_of_local_mean_time_begins_with_the_next_quarter_of_an_hour():
    amsterdam = zone("Europe/Amsterdam")
    assert start_of_day(date(1930, 1, 1), amsterdam).minute % 15 == 0
    assert timedelta(0) <= start_of_day(date(1930, 1, 1), amsterdam) - datetime(1930, 1, 1, tzinfo=amsterdam) < QUARTER
