from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.tracking.calendar import cuts_of, start_of_day
from app.tracking.zone_data import zone
from clickhouse.client import ClickHouse
from clickhouse.closed_days import (
    Part,
    close_days,
    delete_left_behind,
    end_interrupted,
    is_interrupted,
    parts_of,
    rewriting,
)
from tests.fixtures.log import Open, Reclassified, at, store

DAY = date(2025, 11, 20)
ORGANISATION = UUID(int=1)
RIYADH = cuts_of({ORGANISATION: zone("Asia/Riyadh")})


def _open(**changes) -> Open:
    return Open(
        **({"at": at("2025-11-20T10:07:00"), "organisation_id": ORGANISATION, "user_id": UUID(int=2)} | changes)
    )


async def _close(clickhouse: ClickHouse) -> int:
    return await close_days(clickhouse, RIYADH, from_date=DAY, until_date=DAY + timedelta(days=1))


def test_a_day_is_cut_at_the_local_midnight():
    start, end = datetime(2025, 11, 20, tzinfo=UTC), datetime(2025, 11, 21, tzinfo=UTC)
    midnight = datetime(2025, 11, 20, 21, tzinfo=UTC)
    assert parts_of(DAY, RIYADH(ORGANISATION, DAY)) == [Part(start, end), Part(start, midnight), Part(midnight, end)]
    assert parts_of(DAY, cuts_of({})(ORGANISATION, DAY)) == [Part(start, end)]


@pytest.mark.parametrize(
    "name", ["America/New_York", "Asia/Beirut", "Africa/Cairo", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Apia"]
)
def test_every_start_of_a_local_day_of_a_year_is_the_end_of_a_part(name: str):
    cuts = cuts_of({ORGANISATION: zone(name)})
    days = [date(2025, 1, 1) + timedelta(days=n) for n in range(370)]
    ends = {part.until_at for day in days for part in parts_of(day, cuts(ORGANISATION, day))}
    for n in range(1, 365):
        day = date(2025, 1, 1) + timedelta(days=n)
        assert start_of_day(day, zone(name)) in ends


async def test_each_part_is_counted_once(clickhouse: ClickHouse):
    await store(clickhouse, [_open(), _open(visitor=b"w" * 16, at=at("2025-11-20T22:00:00"))])
    assert await _close(clickhouse) == 3
    assert await _close(clickhouse) == 0


async def test_a_late_open_and_a_correction_make_a_count_void(clickhouse: ClickHouse):
    await store(clickhouse, [_open()])
    await _close(clickhouse)
    await store(clickhouse, [_open(at=at("2025-11-20T23:00:00"))])
    assert await _close(clickhouse) == 2, "the part before midnight still holds"
    correction = Reclassified(
        at=at("2025-11-20T00:00:00"), open_date=DAY, organisation_id=ORGANISATION, visitor=b"v" * 16
    )
    await store(clickhouse, [correction])
    assert await _close(clickhouse) == 3


async def test_a_count_that_was_replaced_is_deleted_and_the_others_stay(clickhouse: ClickHouse):
    await store(clickhouse, [_open()])
    await _close(clickhouse)
    await store(clickhouse, [_open()])
    await _close(clickhouse)
    await delete_left_behind(clickhouse)
    rows = "SELECT count() AS rows, uniqExact(revision) AS revisions FROM closed_opens"
    assert await clickhouse.select(rows) == [{"rows": 4, "revisions": 4}], "somebody may still be reading them"
    await delete_left_behind(clickhouse, older_than_seconds=0)
    assert await clickhouse.select(rows) == [{"rows": 2, "revisions": 2}]
    assert await _close(clickhouse) == 0


async def test_while_views_are_rewritten_nothing_is_counted_and_afterwards_everything_anew(clickhouse: ClickHouse):
    await store(clickhouse, [_open()])
    await _close(clickhouse)
    async with rewriting(clickhouse):
        assert await _close(clickhouse) == 0
    assert await _close(clickhouse) == 3


async def test_a_rewriting_that_was_killed_is_ended_by_whoever_holds_the_store(clickhouse: ClickHouse):
    await store(clickhouse, [_open()])
    with pytest.raises(ConnectionError):
        async with rewriting(clickhouse):
            raise ConnectionError("killed")
    assert await is_interrupted(clickhouse)
    await end_interrupted(clickhouse)
    assert not await is_interrupted(clickhouse)
    assert await _close(clickhouse) == 3
