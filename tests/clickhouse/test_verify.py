import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from clickhouse.client import ClickHouse
from clickhouse.verify import verify
from clickhouse.views import read_views
from tests.fixtures.log import Dropped, Open, Reclassified, at, no_hold, store

MOMENT = at("2025-11-20T10:07:00")


def _open(**changes) -> Open:
    return Open(**({"at": MOMENT, "organisation_id": UUID(int=1), "user_id": UUID(int=2)} | changes))


async def _verify(clickhouse: ClickHouse):
    return await verify(clickhouse, hold=no_hold())


async def test_empty_log_is_clean(clickhouse: ClickHouse):
    report = await _verify(clickhouse)
    assert report.is_clean
    assert (report.events, report.drops) == (0, 0)


async def test_every_check_is_named_in_the_report(clickhouse: ClickHouse):
    await store(clickhouse, [_open(), Dropped(at=MOMENT)])
    report = await _verify(clickhouse)
    assert report.is_clean
    assert (report.events, report.drops) == (1, 1)
    assert {checked.name for checked in report.checked} == {
        "closed_days",
        "duplicate_ids",
        "event_ids",
        "opens_15m",
        "organisation_opens_15m",
        "reclassifications",
        "visits_15m",
    }
    assert all(checked.steps == 1 for checked in report.checked)


async def test_drift_says_view_key_expected_and_found(clickhouse: ClickHouse):
    await store(clickhouse, [_open(), _open()])
    await clickhouse.command("INSERT INTO opens_15m SELECT * FROM opens_15m")
    report = await _verify(clickhouse)
    [drift] = report.drifts
    assert (drift.view, drift.expected, drift.found) == (
        "opens_15m",
        "2 opens, the last at 2025-11-20 10:07:00.000",
        "4 opens, the last at 2025-11-20 10:07:00.000",
    )
    assert "2025-11-20 10:00:00" in drift.key
    assert str(UUID(int=2)) in drift.key


async def test_as_many_but_other_visitors_are_drift(clickhouse: ClickHouse):
    await store(clickhouse, [_open(visitor=b"a" * 16)])
    await clickhouse.command("TRUNCATE TABLE visits_15m")
    for feed in read_views()["visits_15m"].feeds:
        wrong = feed.select.replace("visitor,", "toFixedString('somebody', 16) AS visitor,")
        await clickhouse.command(f"INSERT INTO visits_15m {wrong}")
    report = await _verify(clickhouse)
    assert {(drift.view, drift.expected, drift.found) for drift in report.drifts} == {
        ("visits_15m", "1 opens", "0 opens"),
        ("visits_15m", "0 opens", "1 opens"),
    }


async def test_event_stored_twice_is_found_whichever_tables_hold_it(clickhouse: ClickHouse):
    twice = _open()
    await store(clickhouse, [twice], token="1")
    await store(clickhouse, [Dropped(id=twice.id, at=MOMENT)], token="2")
    report = await _verify(clickhouse)
    assert [(d.view, d.key, d.found) for d in report.drifts if d.view == "duplicate_ids"] == [
        ("duplicate_ids", str(twice.id), "2 times")
    ]


async def test_id_under_a_wrong_block_is_found(clickhouse: ClickHouse):
    stored = _open(block="right")
    await store(clickhouse, [stored])
    await clickhouse.command("TRUNCATE TABLE event_ids")
    await clickhouse.command("INSERT INTO event_ids SELECT toUInt128(id), 'wrong' FROM events")
    report = await _verify(clickhouse)
    assert [(d.view, d.expected, d.found) for d in report.drifts] == [("event_ids", "['right']", "['wrong']")]


async def test_live_ingest_is_no_drift_because_one_moment_is_recounted(clickhouse: ClickHouse):
    is_free = asyncio.Lock()
    is_over = asyncio.Event()

    async def ingest() -> int:
        number = 0
        while not is_over.is_set():
            async with is_free:
                await store(clickhouse, [_open(visitor=number.to_bytes(16, "big"))] * 1, token=str(number))
            number += 1
        return number

    @asynccontextmanager
    async def hold():
        async with is_free:
            yield

    ingesting = asyncio.create_task(ingest())
    counted = []
    for _ in range(3):
        report = await verify(clickhouse, hold=hold())
        assert report.drifts == []
        counted.append(report.events)
    is_over.set()
    stored = await ingesting
    assert counted == sorted(counted)
    assert stored >= counted[-1] > 0


async def test_snapshot_is_gone_afterwards_and_what_a_killed_run_left_goes_later(clickhouse: ClickHouse):
    old, young = f"{clickhouse.database}_verify_{10**15}", f"{clickhouse.database}_verify_{10**19}"
    for name in (old, young):
        await clickhouse.command(f"CREATE DATABASE {name}")
    await _verify(clickhouse)
    rows = await clickhouse.select(
        "SELECT name FROM system.databases WHERE startsWith(name, concat(currentDatabase(), '_verify_'))"
    )
    await clickhouse.command(f"DROP DATABASE {young} SYNC")
    assert [row["name"] for row in rows] == [young]


def _corrected(**changes) -> Reclassified:
    whose = {"organisation_id": UUID(int=1), "visitor": b"v" * 16}
    return Reclassified(**({"at": MOMENT, "open_date": MOMENT.date()} | whose | changes))


async def test_corrected_visitor_with_its_opens_is_clean(clickhouse: ClickHouse):
    await store(clickhouse, [_open(), _open(user_id=UUID(int=3)), _corrected(tokens=2, opens=2)])
    report = await _verify(clickhouse)
    assert (report.drifts, report.reclassifications) == ([], 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"opens": 3},
        {"tokens": 3},
        {"visitor": b"x" * 16},
        {"organisation_id": UUID(int=9)},
        {"open_date": MOMENT.date() - timedelta(days=1)},
        {"at": MOMENT + timedelta(days=1), "open_date": MOMENT.date() + timedelta(days=1)},
    ],
)
async def test_corrected_visitor_without_the_opens_it_was_found_by_is_drift(clickhouse: ClickHouse, changes):
    await store(clickhouse, [_open(), _open(user_id=UUID(int=3)), _corrected(**({"tokens": 2, "opens": 2} | changes))])
    report = await _verify(clickhouse)
    assert [drift.view for drift in report.drifts] == ["reclassifications"]


async def test_correction_stored_twice_or_without_its_id_is_found(clickhouse: ClickHouse):
    twice = _corrected()
    await store(clickhouse, [_open(), twice, twice])
    await clickhouse.command("DELETE FROM event_ids WHERE key IN (SELECT toUInt128(id) FROM reclassifications)")
    report = await _verify(clickhouse)
    assert {drift.view for drift in report.drifts} == {"duplicate_ids", "event_ids"}
