"""Creating views that are missing, remaking those whose definition has changed, dropping those that are no more."""

import secrets
from collections.abc import Callable, Mapping

from clickhouse.client import ClickHouse
from clickhouse.closed_days import rewriting
from clickhouse.rebuild import Hold, rebuild_view
from clickhouse.sql_files import fill, read_command
from clickhouse.views import View


async def stale_views(clickhouse: ClickHouse, definitions: Mapping[str, View]) -> list[View]:
    """Return the views that do not exist as defined, or whose making was interrupted."""
    known = {row["name"]: row for row in await clickhouse.select(read_command("known_views"))}
    existing = {row["name"] for row in await clickhouse.select(read_command("existing_tables"))}
    stale = []
    for view in definitions.values():
        state = known.get(view.name)
        tables = {view.name, *(feed.name for feed in view.feeds)}
        if state is None or not state["is_ready"] or state["checksum"] != view.checksum or not tables <= existing:
            stale.append(view)
    return stale


async def retired_views(clickhouse: ClickHouse, definitions: Mapping[str, View]) -> list[str]:
    """Return the tables of views that an earlier version defined and this one does not."""
    known = {row["name"] for row in await clickhouse.select(read_command("known_views"))}
    existing = {row["name"] for row in await clickhouse.select(read_command("existing_tables"))}
    return sorted((known - definitions.keys()) & existing)


async def renew_views(
    clickhouse: ClickHouse,
    definitions: Mapping[str, View],
    *,
    dedup_window_blocks: int,
    hold: Callable[[], Hold],
    say: Callable[[str], None],
) -> None:
    """Bring every stale view to its definition and drop what no file defines any more; the store is held where the
    log already has rows."""
    stale, retired = await stale_views(clickhouse, definitions), await retired_views(clickhouse, definitions)
    if not stale and not retired:
        return
    [log] = await clickhouse.select(read_command("ids_of_log"))
    if not log["ids"]:
        for view in stale:
            say(f"view {view.name}")
            await _make(clickhouse, view, dedup_window_blocks, is_log_empty=True)
        await _drop_retired(clickhouse, retired, say)
        return
    async with hold(), rewriting(clickhouse):
        for view in stale:
            say(f"view {view.name}, remade from the log")
            await _make(clickhouse, view, dedup_window_blocks, is_log_empty=False)
        await _drop_retired(clickhouse, retired, say)


async def _drop_retired(clickhouse: ClickHouse, retired: list[str], say: Callable[[str], None]) -> None:
    """Drop the views first and their table last, so that whoever repeats it still finds the table."""
    for name in retired:
        say(f"view {name}, which is no more")
        await _drop_feeds(clickhouse, name)
        await clickhouse.command(read_command("drop_table", table=name))


async def _drop_feeds(clickhouse: ClickHouse, target: str) -> None:
    for row in await clickhouse.select(read_command("existing_tables")):
        if row["engine"] == "MaterializedView" and row["target"] == target:
            await clickhouse.command(read_command("drop_table", table=row["name"]))


async def _make(clickhouse: ClickHouse, view: View, dedup_window_blocks: int, *, is_log_empty: bool) -> None:
    await _record(clickhouse, view, is_ready=False)
    await _drop_feeds(clickhouse, view.name)
    if view.create_table is not None:
        await clickhouse.command(read_command("drop_table", table=view.name))
        await clickhouse.command(fill(view.create_table, dedup_window_blocks=dedup_window_blocks))
    for feed in view.feeds:
        await clickhouse.command(feed.create)
    if not is_log_empty:
        async for _ in rebuild_view(clickhouse, view):
            pass
    await _record(clickhouse, view, is_ready=True)


async def _record(clickhouse: ClickHouse, view: View, *, is_ready: bool) -> None:
    known = await clickhouse.select(read_command("known_views"))
    revision = 1 + max((row["last_revision"] for row in known if row["name"] == view.name), default=0)
    await clickhouse.insert(
        "schema_views",
        {"name": [view.name], "revision": [revision], "checksum": [view.checksum], "is_ready": [is_ready]},
        query_id=f"schema-view:{view.name}:{secrets.token_hex(4)}",
        token=None,
    )
