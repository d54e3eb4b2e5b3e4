"""Counts of UTC days that are over, kept so that a month need not be counted again for every question.

They are a memo and never a source: a question uses a part only while the views still have as many opens and
corrections of it as were counted, and otherwise reads the views (`closed_parts`). So nothing has to be
locked: counting runs beside the store, and what comes late only makes a memo void until it is counted again.

Whoever rewrites views does it inside of `rewriting`, because a rewritten month may have as many opens as before and
other numbers. A count that was under way meanwhile belongs to an earlier epoch, and is void.
"""

import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from typing import Any
from uuid import UUID

from clickhouse.client import MAINTENANCE_SECONDS, ClickHouse
from clickhouse.mutations import until_none_is_under_way
from clickhouse.sql_files import read_command

TABLES = ("closed_parts", "closed_opens", "closed_epochs")
TIME_COLUMNS = {"closed_parts": "from_at", "closed_opens": "from_at"}
"""Tables with rows of organisations, and their column of time."""
ORGANISATIONS_AT_ONCE = 1_000
"""As many ids as a parameter takes, and what is counted at once fits into memory."""
LEFT_BEHIND_SECONDS = 600
"""Older than any question that may still read a count that was replaced."""
_DAY = timedelta(days=1)

Cuts = Callable[[UUID, date], Iterable[datetime]]
"""Where the local days of an organisation start around a UTC day; what lies outside of it is left out."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A part of one UTC day: all of it, or what lies before or after a local midnight."""

    from_at: datetime
    until_at: datetime


def parts_of(day: date, cuts: Iterable[datetime]) -> list[Part]:
    """Return the whole UTC day and, for each cut within it, what lies before and after."""
    start = datetime.combine(day, clock_time(), UTC)
    end = start + _DAY
    parts = [Part(start, end)]
    for cut in cuts:
        if start < cut < end:
            parts += [Part(start, cut), Part(cut, end)]
    return parts


@asynccontextmanager
async def rewriting(clickhouse: ClickHouse) -> AsyncIterator[None]:
    """Make everything counted so far void, and count nothing, while the body rewrites views under the caller's hold.

    If the body fails, nothing is counted until somebody has rewritten views to the end, or `end_interrupted` was
    called.
    """
    await until_none_is_under_way(clickhouse)  # retention was killed: what it was deleting would come back for good
    await clickhouse.command(read_command("closed_begin_epoch"), {"is_rewriting": True})
    yield
    await clickhouse.command(read_command("closed_begin_epoch"), {"is_rewriting": False})


async def is_interrupted(clickhouse: ClickHouse) -> bool:
    """Return whether views are being rewritten, or whoever did was killed; only a hold tells which."""
    [epoch] = await _select(clickhouse, "closed_epoch", {})
    return bool(epoch["is_rewriting"])


async def end_interrupted(clickhouse: ClickHouse) -> None:
    """Count again after a rewriting that was killed. The caller holds the store, so nobody is rewriting now."""
    if await is_interrupted(clickhouse):
        await clickhouse.command(read_command("closed_begin_epoch"), {"is_rewriting": False})


async def close_days(clickhouse: ClickHouse, cuts: Cuts, *, from_date: date, until_date: date) -> int:
    """Count every part of the days from `from_date` up to before `until_date` that is missing or void.

    `cuts` says where an organisation's own days start within a UTC day. Returns how many parts were counted, none
    while views are being rewritten; may be repeated at any time, also by several processes at once.
    """
    span = {"from_at": _midnight(from_date), "until_at": _midnight(until_date)}
    [epoch] = await _select(clickhouse, "closed_epoch", {})
    if epoch["is_rewriting"]:
        return 0
    days = await _select(clickhouse, "closed_days_with_opens", span)
    valid = {
        (row["organisation_id"], Part(row["from_at"], row["until_at"]))
        for row in await _select(clickhouse, "closed_valid", span)
    }
    missing: dict[Part, dict[UUID, int]] = {}
    for row in days:
        organisation_id = row["organisation_id"]
        for part in parts_of(row["day"], cuts(organisation_id, row["day"])):
            if (organisation_id, part) not in valid:
                missing.setdefault(part, {})[organisation_id] = row["reclassifications"]
    for part, corrections in sorted(missing.items()):
        for chunk in _chunks(list(corrections)):
            await _count(clickhouse, part, {id_: corrections[id_] for id_ in chunk}, epoch=epoch["epoch"])
    return sum(len(corrections) for corrections in missing.values())


async def _count(clickhouse: ClickHouse, part: Part, corrections: Mapping[UUID, int], *, epoch: int) -> None:
    """Count one part. `corrections` were counted before: one that comes meanwhile makes this void, never wrong."""
    asked = {
        "from_at": part.from_at,
        "until_at": part.until_at,
        "revision": time.time_ns(),
        "epoch": epoch,
        "organisations": list(corrections),
        "corrections": list(corrections.values()),
    }
    for step in ("closed_count", "closed_write_parts"):  # in this order: a part that is not complete is not there
        await clickhouse.command(
            read_command(step), asked, settings={"insert_deduplicate": 0}, timeout_seconds=MAINTENANCE_SECONDS
        )


async def delete_left_behind(clickhouse: ClickHouse, *, older_than_seconds: float = LEFT_BEHIND_SECONDS) -> None:
    """Delete counts that were replaced or made void, and those of a process that was killed."""
    before = {"before": time.time_ns() - int(older_than_seconds * 1e9)}
    [found] = await _select(clickhouse, "closed_count_left_behind", before)
    if found["rows"]:
        await clickhouse.command(read_command("closed_delete_left_behind"), before, timeout_seconds=MAINTENANCE_SECONDS)


async def _select(clickhouse: ClickHouse, command: str, parameters: Mapping[str, object]) -> list[dict[str, Any]]:
    return await clickhouse.select(read_command(command), parameters, timeout_seconds=MAINTENANCE_SECONDS)


def _chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), ORGANISATIONS_AT_ONCE):
        yield ids[start : start + ORGANISATIONS_AT_ONCE]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, clock_time(), UTC)
