"""Remaking what views hold from the log, month by month, so that no reader ever sees a month half full.

Nothing may be inserted while a month is remade: the caller holds the store (`maintenance_holds`). And no block may
be left open then: a block whose first attempt reached the log but not a view would be counted by the rebuild and,
when the store repeats it under its token, a second time by the view. Only a block that nobody will repeat, because
the broker's life has ended, is repaired here (`repair_block`).
"""

import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from clickhouse.client import MAINTENANCE_SECONDS, ClickHouse
from clickhouse.closed_days import rewriting
from clickhouse.mutations import until_none_is_under_way
from clickhouse.sql_files import read_command
from clickhouse.views import View, read_views

Hold = AbstractAsyncContextManager[None]
"""Inside of it the store inserts nothing and no block is open."""

_SCRATCH = "_rebuild_"

_IDS_PER_SLICE = 4_000_000
"""Ids compared at once: 16 bytes each in a hash set, some 200 MB."""


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` steps are made; `what` is next, or None at the end."""

    view: str
    what: str | None
    done: int
    total: int


async def rebuild(
    clickhouse: ClickHouse,
    *,
    hold: Hold,
    views: Iterable[str] | None = None,
    months: Sequence[int] | None = None,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> None:
    """Remake views (default: all) for months like 202511 (default: all that it or its sources have), under a hold.

    Raises `KeyError` for a view that does not exist.
    Stopped in the middle, each month is either old or new: run it again.
    """
    defined = read_views()
    chosen = [defined[name] for name in (views if views is not None else defined)]
    async with hold, rewriting(clickhouse):
        await _drop_left_behind(clickhouse)
        for view in chosen:
            async for progress in rebuild_view(clickhouse, view, months):
                on_progress(progress)


async def rebuild_view(
    clickhouse: ClickHouse, view: View, months: Sequence[int] | None = None
) -> AsyncIterator[Progress]:
    """Remake one view; yields before each step and once at the end. The caller holds the store.

    `event_ids` knows no months: what is missing is added, what is too much deleted, whatever `months` says.
    """
    if not view.is_partitioned:
        async for progress in _rebuild_ids(clickhouse, view):
            yield progress
        return
    chosen = list(months) if months is not None else await _months(clickhouse, view)
    for done, month in enumerate(chosen):
        yield Progress(view.name, str(month), done, len(chosen))
        await rebuild_month(clickhouse, view, month)
    yield Progress(view.name, None, len(chosen), len(chosen))


async def rebuild_month(clickhouse: ClickHouse, view: View, month: int) -> None:
    """Remake one month of one view in a scratch table and exchange it. The caller holds the store."""
    scratch = f"{view.name}{_SCRATCH}{secrets.token_hex(4)}"
    await clickhouse.command(read_command("rebuild_create", scratch=scratch, target=view.name))
    async with _dropping(clickhouse, scratch):
        for feed in view.feeds:
            await clickhouse.command(
                read_command("rebuild_fill", scratch=scratch, select=feed.select),
                settings={
                    "additional_table_filters": f"{{'{feed.source}': 'toYYYYMM(at) = {month:d}'}}",
                    "insert_deduplicate": 0,  # two equal blocks of one rebuild are two blocks
                },
                timeout_seconds=MAINTENANCE_SECONDS,
            )
        [counted] = await clickhouse.select(read_command("rows_of_month"), {"table": scratch, "month": month})
        # replacing by nothing is not defined for a month that was never there: drop it
        step = "rebuild_replace" if counted["rows"] else "rebuild_drop"
        await clickhouse.command(read_command(step, target=view.name, scratch=scratch, month=month))


async def repair_block(clickhouse: ClickHouse, token: str) -> list[int]:
    """Make ids and views agree with what the log holds of a block that can never be formed again; return its months.

    The caller holds the store, and never inserts this token again. Harmless to repeat.
    """
    await until_none_is_under_way(clickhouse)
    rows = await clickhouse.query("rows_of_block", {"block": token})
    months: dict[str, set[int]] = {}
    for row in rows:
        months.setdefault(row["source"], set()).add(row["month"])
    for view in read_views().values():
        for feed in view.feeds:
            if feed.source not in months:
                continue
            if not view.is_partitioned:
                await clickhouse.command(
                    read_command("insert_missing_ids_of_block", select=feed.select),
                    {"block": token},
                    timeout_seconds=MAINTENANCE_SECONDS,
                )
                continue
            for month in sorted(months[feed.source]):
                await rebuild_month(clickhouse, view, month)
    return sorted(set().union(*months.values()))


async def _rebuild_ids(clickhouse: ClickHouse, view: View) -> AsyncIterator[Progress]:
    [counted] = await clickhouse.select(read_command("ids_of_log"))
    slices = 1 + counted["ids"] // _IDS_PER_SLICE
    for slice_ in range(slices):
        yield Progress(view.name, f"{slice_ + 1}/{slices}", slice_, slices)
        part = {"slices": slices, "slice": slice_}
        for feed in view.feeds:
            await clickhouse.command(
                read_command("insert_missing_ids", select=feed.select),
                part,
                settings={"insert_deduplicate": 0},
                timeout_seconds=MAINTENANCE_SECONDS,
            )
        [extra] = await clickhouse.select(read_command("count_extra_ids"), part, timeout_seconds=MAINTENANCE_SECONDS)
        if extra["extra"]:
            await clickhouse.command(read_command("delete_extra_ids"), part, timeout_seconds=MAINTENANCE_SECONDS)
    yield Progress(view.name, None, slices, slices)


async def _drop_left_behind(clickhouse: ClickHouse) -> None:
    """Drop the scratch tables of rebuilds and repairs that were killed; under the hold no other one is at work."""
    for row in await clickhouse.select(read_command("existing_tables")):
        if _SCRATCH in row["name"]:
            await clickhouse.command(read_command("drop_table", table=row["name"]))


async def _months(clickhouse: ClickHouse, view: View) -> list[int]:
    """Return the months of whatever feeds the view, which need not be opens, and of the view itself."""
    tables = sorted({view.name, *(feed.source for feed in view.feeds)})
    rows = await clickhouse.select(read_command("months_of_tables"), {"tables": tables})
    return [row["month"] for row in rows]


@asynccontextmanager
async def _dropping(clickhouse: ClickHouse, table: str) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await clickhouse.command(read_command("drop_table", table=table))
