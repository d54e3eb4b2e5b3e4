"""Making the database of a shadow, and finding the one that an earlier replay has left."""

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseError, ClickHouseUnavailableError
from clickhouse.shadow import ANY_SIZE, Judge, Shadow
from clickhouse.sql_files import fill, read_command, read_commands
from clickhouse.views import View, read_views

_PREFIX = "_replay_"


@asynccontextmanager
async def open_shadow(url: str, *, ruleset: int, judge: Judge, timeout_seconds: float) -> AsyncIterator[Shadow]:
    """Open the shadow for a ruleset, making it if needed, and again if the schema has changed since.

    `url` names the live database. What an earlier run left running is ended; so is what this one leaves, if it is
    cancelled.
    """
    async with _connected(url, timeout_seconds) as live:
        name = f"{live.database}{_PREFIX}{ruleset}"
        await live.kill(f"{name}:")
        shadow_url = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        views = [view for view in read_views().values() if view.is_partitioned]
        own = [view for view in views if {feed.source for feed in view.feeds} == {"events"}]
        mixed = [view for view in views if view not in own and "events" in {feed.source for feed in view.feeds}]
        definition = await _definition(live, own, ruleset)
        if await _made_for(live, shadow_url, timeout_seconds) != definition:
            await live.command(read_command("drop_database", database=name), settings=ANY_SIZE)
            await live.command(read_command("create_database", database=name))
            async with _connected(shadow_url, timeout_seconds) as database:
                await _create(live, database, own, definition)
        async with _connected(shadow_url, timeout_seconds) as database:
            shadow = Shadow(live, database, ruleset, judge, own, mixed)
            try:
                yield shadow
            except BaseException:
                with suppress(ClickHouseError):
                    await live.kill(f"{name}:")
                raise


async def _create(live: ClickHouse, database: ClickHouse, views: Sequence[View], definition: str) -> None:
    """Make the shadow's tables; which it was made for is written last."""
    for statement in read_commands("replay_tables"):
        await database.command(statement)
    await database.command(read_command("replay_create_events", live=live.database))
    for view in views:
        await database.command(fill(view.create_table or "", dedup_window_blocks=0))
        for feed in view.feeds:
            await database.command(feed.create)
    await database.insert("made_for", {"definition": [definition]}, query_id=f"{database.database}:made", token=None)


async def _definition(live: ClickHouse, views: Sequence[View], ruleset: int) -> str:
    columns = await live.select(read_command("describe_table"), {"table": "events"})
    content = [ruleset, columns, [(view.name, view.checksum) for view in views]]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


async def _made_for(live: ClickHouse, shadow_url: str, timeout_seconds: float) -> str | None:
    name = urlsplit(shadow_url).path.strip("/")
    existing = await live.select(read_command("snapshots"), {"prefix": name})
    if name not in {row["name"] for row in existing}:
        return None
    async with _connected(shadow_url, timeout_seconds) as database:
        tables = await database.select(read_command("existing_tables"))
        if "made_for" not in {row["name"] for row in tables}:
            return None
        rows = await database.select(read_command("replay_made_for"))
        return rows[0]["definition"] if rows else None


@asynccontextmanager
async def _connected(url: str, timeout_seconds: float) -> AsyncIterator[ClickHouse]:
    client = await ClickHouse.open(url, timeout_seconds=timeout_seconds)
    try:
        yield client
    finally:
        with suppress(ClickHouseUnavailableError):
            await client.close()
