"""History is judged anew beside the live data, and put in their place whole or not at all."""

import asyncio
from collections import Counter
from contextlib import asynccontextmanager

import pytest

from app.errors import BadInputError, ConflictError
from app.replay import job
from app.replay.job import Step, discard, replay
from clickhouse.client import ClickHouse
from clickhouse.schema_lock import schema_lock
from clickhouse.shadow import Shadow
from clickhouse.verify import verify
from tests.fixtures.log import Dropped, no_hold, store
from tests.replay.opens import CHROME, CURL, GMAIL, MOMENTS, expected, judged, log_of, made


async def clean(clickhouse: ClickHouse) -> bool:
    report = await verify(clickhouse, hold=no_hold())
    return report.is_clean


async def databases(clickhouse: ClickHouse) -> list[str]:
    rows = await clickhouse.select(
        "SELECT name FROM system.databases WHERE startsWith(name, concat(currentDatabase(), '_replay'))"
    )
    return [row["name"] for row in rows]


async def test_without_swap_live_data_are_untouched_and_the_difference_is_what_two_rulesets_say(
    clickhouse: ClickHouse, migrated_url: str, ruleset_2: int
):
    rows = made(120, block="a")
    await store(clickhouse, [*rows, Dropped(at=MOMENTS[0])], token="a")
    before = await log_of(clickhouse)
    report = await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=False)
    assert await log_of(clickhouse) == before
    assert await clean(clickhouse)
    [frozen] = await clickhouse.select(
        "SELECT count() AS tables FROM system.tables WHERE startsWith(database, concat(currentDatabase(), '_replay')) "
        "AND name = 'source'"
    )
    assert frozen["tables"] == 0
    recounted = Counter((row.at.date(), judged(row, 1)["open_class"], judged(row, 2)["open_class"]) for row in rows)
    assert report.moves == recounted
    assert report.changed == sum(row.user_agent in (CURL, GMAIL) for row in rows) > 0
    content = report.as_json()
    assert {row["class"] for row in content["classes"]} == {"human", "image_proxy", "script", "crawler", "scanner"}
    assert sum(day["before"] for day in content["days"]) == sum(day["after"] for day in content["days"]) == len(rows)
    assert content["moves"] == [
        {"from": "image_proxy", "to": "scanner", "opens": sum(row.user_agent == GMAIL for row in rows)},
        {"from": "script", "to": "crawler", "opens": sum(row.user_agent == CURL for row in rows)},
    ]


async def test_swapped_in_every_row_is_as_the_ruleset_says_and_the_views_agree(
    clickhouse: ClickHouse, migrated_url: str, ruleset_2: int
):
    rows = made(200, block="a")
    await store(clickhouse, rows, token="a")
    report = await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=True)
    assert report.is_swapped
    assert await log_of(clickhouse) == expected(rows, ruleset_2)
    assert await clean(clickhouse)
    assert await databases(clickhouse) == []


async def test_replaying_back_gives_the_log_as_it_was(clickhouse: ClickHouse, migrated_url: str, ruleset_2: int):
    await store(clickhouse, made(60, block="a"), token="a")
    before = await log_of(clickhouse)
    for ruleset in (ruleset_2, 1):
        await replay(migrated_url, ruleset=ruleset, hold=no_hold, swap=True)
    assert await log_of(clickhouse) == before
    assert await clean(clickhouse)


async def test_an_empty_log_is_replayed_to_an_empty_log(clickhouse: ClickHouse, migrated_url: str):
    report = await replay(migrated_url, ruleset=1, hold=no_hold, swap=True)
    assert report.opens == 0
    assert await clean(clickhouse)


async def test_an_unknown_ruleset_is_refused_with_those_there_are(migrated_url: str):
    with pytest.raises(BadInputError, match="There is no ruleset 7; there is 1"):
        await replay(migrated_url, ruleset=7, hold=no_hold, swap=False)


async def test_opens_that_come_between_looking_and_swapping_are_judged_too(
    clickhouse: ClickHouse, migrated_url: str, ruleset_2: int
):
    first, second, third = made(50, block="a"), made(30, block="b"), made(20, block="c", moments=MOMENTS[:1])
    await store(clickhouse, first, token="a")
    await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=False)
    await store(clickhouse, second, token="b")

    @asynccontextmanager
    async def late_hold():
        await store(clickhouse, third, token="c")  # the last block that was under way
        yield

    await replay(migrated_url, ruleset=ruleset_2, hold=late_hold, swap=True)
    assert await log_of(clickhouse) == expected([*first, *second, *third], ruleset_2)
    assert await clean(clickhouse)


@pytest.mark.parametrize("delete", ["DELETE FROM events", "ALTER TABLE events DELETE"])
async def test_what_was_deleted_meanwhile_does_not_come_back(
    clickhouse: ClickHouse, migrated_url: str, ruleset_2: int, delete: str
):
    rows = made(90, block="a")
    await store(clickhouse, rows, token="a")
    await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=False)
    await clickhouse.command(
        f"{delete} WHERE user_id = toUUID('00000000-0000-0000-0000-000000000002')", settings={"mutations_sync": 2}
    )
    await clickhouse.command("ALTER TABLE events DROP PARTITION ID '202510'")
    left = [row for row in rows if row.user_id.int != 2 and row.at.month == 11]
    await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=True)
    assert await log_of(clickhouse) == expected(left, ruleset_2)


async def test_a_repeated_replay_judges_nothing_twice(
    clickhouse: ClickHouse, migrated_url: str, ruleset_2: int, monkeypatch: pytest.MonkeyPatch
):
    await store(clickhouse, made(60, block="a"), token="a")
    asked: list[str] = []
    real = job._verdict
    monkeypatch.setattr(job, "_verdict", lambda judging, request: asked.append(request) or real(judging, request))
    first = await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=False)
    assert len(asked) == len(set(asked)) > 0
    count = len(asked)
    await store(clickhouse, made(6, block="b", agents=[f"{CHROME} Edg/126.0.0.0"]), token="b")
    second = await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=False)
    assert 0 < len(asked) - count <= 2  # one agent, with and without a network
    assert second.opens == first.opens + 6


@pytest.mark.parametrize("after", [1, 2, 5, 6, *(pytest.param(n, marks=pytest.mark.deep) for n in (3, 4, 7, 8))])
async def test_interrupted_anywhere_it_goes_on_and_ends_as_if_it_never_was(
    clickhouse: ClickHouse, migrated_url: str, ruleset_2: int, monkeypatch: pytest.MonkeyPatch, after: int
):
    """Interrupts at the n-th note of progress: of filling, of done, of swapping, and between the two months; the deep
    ones are the same of the second month."""
    rows = made(40, block="a")
    await store(clickhouse, rows, token="a")
    noted, real = 0, Shadow._note

    async def note(self: Shadow, month: int, state: str) -> None:
        nonlocal noted
        await real(self, month, state)
        noted += 1
        if noted == after:
            raise asyncio.CancelledError

    monkeypatch.setattr(Shadow, "_note", note)
    with pytest.raises(asyncio.CancelledError):
        await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=True)
    monkeypatch.undo()
    more = made(10, block="b")
    await store(clickhouse, more, token="b")
    await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=True)
    assert await log_of(clickhouse) == expected([*rows, *more], ruleset_2)
    assert await clean(clickhouse)
    assert await databases(clickhouse) == []


async def test_discard_forgets_the_shadow_and_makes_an_interrupted_swap_whole(
    clickhouse: ClickHouse, migrated_url: str, ruleset_2: int, monkeypatch: pytest.MonkeyPatch
):
    rows = made(40, block="a")
    await store(clickhouse, rows, token="a")
    real = ClickHouse.command

    async def command(self: ClickHouse, sql: str, *arguments, **more) -> None:
        await real(self, sql, *arguments, **more)
        if "ALTER TABLE events REPLACE PARTITION ID '202511'" in sql:
            raise asyncio.CancelledError

    monkeypatch.setattr(ClickHouse, "command", command)
    with pytest.raises(asyncio.CancelledError):
        await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=True)
    monkeypatch.undo()
    assert not await clean(clickhouse)
    await discard(migrated_url, ruleset=ruleset_2, hold=no_hold)
    assert await clean(clickhouse)
    assert await databases(clickhouse) == []


async def test_a_shadow_of_another_schema_is_made_again(clickhouse: ClickHouse, migrated_url: str, ruleset_2: int):
    rows = made(40, block="a")
    await store(clickhouse, rows, token="a")
    await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=False)
    await clickhouse.command("ALTER TABLE events ADD COLUMN note String")
    await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=True)
    assert await log_of(clickhouse) == expected(rows, ruleset_2)


async def test_two_at_once_are_refused(
    clickhouse: ClickHouse, migrated_url: str, ruleset_2: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(job, "_LOCK_SECONDS", 0.1)
    async with schema_lock(clickhouse, wait_seconds=5):
        with pytest.raises(ConflictError, match="Another replay"):
            await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=False)


async def test_progress_counts_rows_up_to_all(clickhouse: ClickHouse, migrated_url: str, ruleset_2: int):
    await store(clickhouse, made(60, block="a"), token="a")
    steps: list[Step] = []
    await replay(migrated_url, ruleset=ruleset_2, hold=no_hold, swap=False, on_step=steps.append)
    assert [(step.what, step.done, step.total) for step in steps] == [
        ("202510", 0, 60),
        ("202511", 20, 60),
        ("judged", 60, 60),
    ]
