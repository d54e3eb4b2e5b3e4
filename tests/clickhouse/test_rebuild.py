from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest

from clickhouse.client import ClickHouse
from clickhouse.migrate_views import renew_views
from clickhouse.rebuild import Progress, rebuild, rebuild_view, repair_block
from clickhouse.verify import verify
from clickhouse.views import read_view, read_views
from tests.fixtures.log import Dropped, Open, at, no_hold, store

OCTOBER, NOVEMBER = at("2025-10-31T23:59:59.999"), at("2025-11-01T00:00:00")


def _rows(block: str, count: int = 40) -> list[Open | Dropped]:
    """Opens in two months, of ten visitors, and some drops."""
    opens = [
        Open(
            at=OCTOBER if n % 2 else NOVEMBER,
            organisation_id=UUID(int=1),
            user_id=UUID(int=n % 3),
            visitor=bytes([n % 10]) * 16,
            block=block,
        )
        for n in range(count)
    ]
    return [*opens, *(Dropped(at=OCTOBER, block=block) for _ in range(3))]


async def _drifts(clickhouse: ClickHouse) -> set[str]:
    report = await verify(clickhouse, hold=no_hold())
    return {drift.view for drift in report.drifts}


async def _damage(clickhouse: ClickHouse) -> None:
    """Make every view wrong: too few, too many, and rows of a month the log knows nothing of."""
    await clickhouse.command("ALTER TABLE opens_15m DROP PARTITION ID '202510'")
    await clickhouse.command("INSERT INTO visits_15m SELECT * FROM visits_15m")
    await clickhouse.command(
        "INSERT INTO organisation_opens_15m SELECT * REPLACE (toDateTime('2024-01-01 00:00:00', 'UTC') AS bucket_at) "
        "FROM organisation_opens_15m"
    )
    await clickhouse.command("DELETE FROM event_ids WHERE key % 2 = 0")
    await clickhouse.command("INSERT INTO event_ids VALUES (17, 'nobody')")


async def test_every_damage_is_found_and_remade(clickhouse: ClickHouse):
    await store(clickhouse, _rows("a"), token="a")
    assert await _drifts(clickhouse) == set()
    await _damage(clickhouse)
    assert await _drifts(clickhouse) == set(read_views())
    seen: list[Progress] = []
    await rebuild(clickhouse, hold=no_hold(), on_progress=seen.append)
    assert await _drifts(clickhouse) == set()
    assert [(p.view, p.what) for p in seen if p.view == "organisation_opens_15m"] == [
        ("organisation_opens_15m", "202401"),
        ("organisation_opens_15m", "202510"),
        ("organisation_opens_15m", "202511"),
        ("organisation_opens_15m", None),
    ]


DROPS_BY_MONTH = """
CREATE TABLE drops_by_month (bucket_at DateTime('UTC'), reason LowCardinality(String), drops UInt64)
ENGINE = SummingMergeTree PARTITION BY toYYYYMM(bucket_at) ORDER BY (bucket_at, reason);

CREATE MATERIALIZED VIEW drops_by_month_mv TO drops_by_month AS
SELECT toStartOfMonth(at) AS bucket_at, reason, count() AS drops FROM drops GROUP BY ALL;
"""


async def test_a_view_over_drops_is_filled_for_months_without_opens(clickhouse: ClickHouse, tmp_path: Path):
    path = tmp_path / "drops_by_month.sql"
    path.write_text(DROPS_BY_MONTH)
    await store(clickhouse, [Open(at=NOVEMBER, organisation_id=UUID(int=1), user_id=UUID(int=2))])
    await store(clickhouse, [Dropped(at=at("2025-08-03T10:00:00")), Dropped(at=NOVEMBER)])
    views = {"drops_by_month": read_view(path)}
    await renew_views(clickhouse, views, dedup_window_blocks=100, hold=no_hold, say=lambda line: None)
    months = "SELECT toYYYYMM(bucket_at) AS month, sum(drops) AS drops FROM drops_by_month GROUP BY ALL ORDER BY ALL"
    assert await clickhouse.select(months) == [{"month": 202508, "drops": 1}, {"month": 202511, "drops": 1}]


async def test_a_month_of_opens_alone_is_not_remade_of_a_view_over_drops(clickhouse: ClickHouse, tmp_path: Path):
    path = tmp_path / "drops_by_month.sql"
    path.write_text(DROPS_BY_MONTH)
    await store(clickhouse, [Open(at=NOVEMBER, organisation_id=UUID(int=1), user_id=UUID(int=2))])
    await store(clickhouse, [Dropped(at=OCTOBER)])
    view = read_view(path)
    for statement in (view.create_table, *(feed.create for feed in view.feeds)):
        await clickhouse.command(statement or "")
    seen = [progress.what async for progress in rebuild_view(clickhouse, view)]
    assert seen == ["202510", None]


async def test_rebuild_of_a_sound_view_changes_nothing(clickhouse: ClickHouse):
    await store(clickhouse, _rows("a"), token="a")
    await rebuild(clickhouse, hold=no_hold())
    assert await _drifts(clickhouse) == set()


async def test_only_the_asked_view_and_month_are_remade(clickhouse: ClickHouse):
    await store(clickhouse, _rows("a"), token="a")
    await clickhouse.command("TRUNCATE TABLE opens_15m")
    await rebuild(clickhouse, hold=no_hold(), views=["opens_15m"], months=[202510])
    months = await clickhouse.select(
        "SELECT toYYYYMM(bucket_at) AS month, sum(opens) AS opens FROM opens_15m GROUP BY ALL"
    )
    assert months == [{"month": 202510, "opens": 20}]


async def test_unknown_view_is_a_key_error_before_anything_is_held(clickhouse: ClickHouse):
    @asynccontextmanager
    async def never():
        raise AssertionError("held for nothing")
        yield

    with pytest.raises(KeyError):
        await rebuild(clickhouse, hold=never(), views=["nope"])


async def test_what_a_killed_rebuild_left_is_in_nobodys_way(clickhouse: ClickHouse):
    await store(clickhouse, _rows("a"), token="a")
    await clickhouse.command("CREATE TABLE opens_15m_rebuild_dead AS opens_15m")
    await clickhouse.command("INSERT INTO opens_15m_rebuild_dead SELECT * FROM opens_15m")
    await rebuild(clickhouse, hold=no_hold(), views=["opens_15m"])
    assert await _drifts(clickhouse) == set()
    left = await clickhouse.select(
        "SELECT name FROM system.tables WHERE database = currentDatabase() AND name LIKE '%rebuild%'"
    )
    assert left == []


async def test_new_blocks_are_counted_once_after_a_rebuild(clickhouse: ClickHouse):
    await store(clickhouse, _rows("a"), token="a")
    await rebuild(clickhouse, hold=no_hold())
    for _ in range(2):
        await store(clickhouse, _rows("b"), token="b")
    # the rows of b differ each time, so only its token kept the second attempt out
    [counts] = await clickhouse.query("stored_counts")
    assert (counts["events"], counts["drops"]) == (80, 6)
    [summed] = await clickhouse.select("SELECT sum(opens) AS opens FROM visits_15m")
    assert summed["opens"] == 80


async def test_retry_of_a_complete_block_after_its_month_was_replaced_does_not_fill_twice(clickhouse: ClickHouse):
    rows = _rows("a")
    await store(clickhouse, rows, token="a")
    await rebuild(clickhouse, hold=no_hold())
    await store(clickhouse, rows, token="a")
    assert await _drifts(clickhouse) == set()


async def test_block_that_reached_only_the_log_is_repaired(clickhouse: ClickHouse):
    await store(clickhouse, _rows("whole"), token="whole")
    views = read_views()
    feeds = [feed for view in views.values() for feed in view.feeds]
    for feed in feeds:
        await clickhouse.command(f"DROP TABLE {feed.name} SYNC")
    await store(clickhouse, _rows("life-1:events.clean:0:5-9"), token="broken")
    for feed in feeds:
        await clickhouse.command(feed.create)
    assert await _drifts(clickhouse) == set(views)
    assert await repair_block(clickhouse, "life-1:events.clean:0:5-9") == [202510, 202511]
    assert await _drifts(clickhouse) == set()
    assert await repair_block(clickhouse, "life-1:events.clean:0:5-9") == [202510, 202511]
    assert await _drifts(clickhouse) == set()


async def test_repair_of_a_block_that_stored_nothing_does_nothing(clickhouse: ClickHouse):
    await store(clickhouse, _rows("a"), token="a")
    assert await repair_block(clickhouse, "never stored") == []
    assert await _drifts(clickhouse) == set()


async def test_open_block_must_be_repeated_before_a_rebuild_because_afterwards_it_would_count_twice(
    clickhouse: ClickHouse,
):
    """Why `hold_store` waits for open blocks: this is what would happen otherwise."""
    rows = _rows("a")
    feed = read_views()["visits_15m"].feeds[0]
    await clickhouse.command(f"DROP TABLE {feed.name} SYNC")
    await store(clickhouse, rows, token="a")
    await clickhouse.command(feed.create)
    await rebuild(clickhouse, hold=no_hold())
    await store(clickhouse, rows, token="a")
    assert await _drifts(clickhouse) == {"visits_15m"}
