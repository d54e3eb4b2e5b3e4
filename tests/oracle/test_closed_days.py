"""What was counted of closed days never makes a number wrong, whatever comes when."""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from app.tracking.calendar import cuts_of
from app.tracking.zone_data import zone
from clickhouse.client import ClickHouse
from clickhouse.closed_days import close_days, delete_left_behind
from clickhouse.rebuild import rebuild
from clickhouse.verify import verify
from tests.fixtures.log import Open, Reclassified, clickhouse, no_hold, store
from tests.oracle.asking import answer
from tests.oracle.questions import QUESTIONS
from tests.oracle.random_log import FIRST_DAY, LAST_DAY, ZONES, Log, random_log
from tests.oracle.recounts import RECOUNTS

__all__ = ["clickhouse"]


async def _close(clickhouse: ClickHouse, log: Log, chance: random.Random) -> None:
    """Count a random span of days, by random zones: a zone that was changed leaves other parts behind."""
    cuts = cuts_of({organisation: zone(chance.choice(ZONES)) for organisation, _ in log.people})
    first = FIRST_DAY + timedelta(days=chance.randrange(40))
    await close_days(clickhouse, cuts, from_date=first, until_date=first + timedelta(days=chance.randrange(5, 60)))


OVER_CLOSED_DAYS = (
    "organisation_opens_by_user",
    "campaign_opens_by_user",
    "campaign_opens_daily",
    "campaign_baseline_by_user",
    "campaign_baseline_daily",
)


async def _assert_equal(clickhouse: ClickHouse, log: Log, chance: random.Random, *, count: int) -> None:
    """Ask `count` questions of each query; of those about campaigns, which take longer to recount, half as many."""
    for name in OVER_CLOSED_DAYS:
        few = count if name == OVER_CLOSED_DAYS[0] else count // 2
        for asked in chance.sample(list(QUESTIONS[name](log, chance)), few):
            assert await answer(clickhouse, name, asked) == RECOUNTS[name](log, **asked), (name, asked)


async def _drifting(clickhouse: ClickHouse) -> set[str]:
    """Return which views differ; a random correction need not be one that the rules would find."""
    return {drift.view for drift in (await verify(clickhouse, hold=no_hold())).drifts} - {"reclassifications"}


@pytest.mark.parametrize(
    ("seed", "questions"), [(0, 2), *(pytest.param(seed, 6, marks=pytest.mark.deep) for seed in range(4))]
)
async def test_late_opens_and_corrections_in_any_order_leave_every_number_right(
    clickhouse: ClickHouse,
    seed: int,
    questions: int,
):
    whole, chance = random_log(seed), random.Random(seed)
    rows = [*whole.opens, *whole.drops, *whole.reclassifications]
    chance.shuffle(rows)
    stored = Log([], [], [], whole.people)
    while rows:
        count = chance.randrange(50, 1_200)
        block, rows = rows[:count], rows[count:]
        await store(clickhouse, block)
        opens = [row for row in block if isinstance(row, Open)]
        corrections = [row for row in block if isinstance(row, Reclassified)]
        stored = Log([*stored.opens, *opens], [], [*stored.reclassifications, *corrections], whole.people)
        if chance.random() < 0.7:
            await _close(clickhouse, whole, chance)
        await _assert_equal(clickhouse, stored, chance, count=questions)
    await close_days(
        clickhouse,
        cuts_of({organisation: zone("Asia/Riyadh") for organisation, _ in whole.people}),
        from_date=FIRST_DAY,
        until_date=LAST_DAY,
    )
    await _assert_equal(clickhouse, whole, chance, count=2 * questions)
    await delete_left_behind(clickhouse, older_than_seconds=0)
    await _assert_equal(clickhouse, whole, chance, count=2 * questions)
    assert await _drifting(clickhouse) == set()
    await rebuild(clickhouse, hold=no_hold())
    await _assert_equal(clickhouse, whole, chance, count=questions)


async def test_what_was_counted_is_used(clickhouse: ClickHouse):
    """Or the test above would prove nothing: a count that is wrong on purpose shows in the answer."""
    log, chance = random_log(5), random.Random(5)
    await store(clickhouse, [*log.opens, *log.reclassifications])
    cuts = cuts_of({organisation: zone(ZONES[1]) for organisation, _ in log.people})
    await close_days(clickhouse, cuts, from_date=date(2000, 1, 1), until_date=LAST_DAY + timedelta(days=1))
    await clickhouse.command(
        "ALTER TABLE closed_opens UPDATE opens = opens + 1000 WHERE true SETTINGS mutations_sync = 1"
    )
    for name in OVER_CLOSED_DAYS:
        wrong, right = 0, 0
        with_bots = [asked for asked in QUESTIONS[name](log, chance) if not asked["exclude_bots"]]
        for asked in chance.sample(with_bots, min(12, len(with_bots))):
            wrong += _sum(await answer(clickhouse, name, asked))
            right += _sum(RECOUNTS[name](log, **asked))
        assert wrong > right + 1000, name
    assert await _drifting(clickhouse) == {"closed_days"}


def _sum(rows: list[dict[str, Any]]) -> int:
    return sum(row.get("opens", 0) + row.get("during", 0) + row.get("before", 0) for row in rows)
