"""Retention as an operator runs it: `heliograph retention [--dry-run]`."""

from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial

from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table

from app.retention.service import Due, due, run
from app.settings import Settings
from app.store.database import Database
from app.success.reported import beginnings
from clickhouse.client import ClickHouse

_STATEMENT_SECONDS = 60.0


async def run_retention(settings: Settings, *, is_dry_run: bool, now: datetime) -> None:
    """Delete what is due, or only say what would go, and print it by organisation and day."""
    database = Database(settings.database_url.get_secret_value())
    redis = Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=2, socket_connect_timeout=2)
    try:
        url = settings.clickhouse_url.get_secret_value()
        clickhouse = await ClickHouse.connect(url, timeout_seconds=_STATEMENT_SECONDS)
        try:
            if is_dry_run:
                await _print(due(database, clickhouse, now=now), is_dry_run=True)
            else:
                began = partial(beginnings, redis)
                await _print(run(database, clickhouse, now=now, beginnings=began), is_dry_run=False)
        finally:
            await clickhouse.close()
    finally:
        await redis.aclose()
        await database.dispose()


async def _print(organisations: AsyncIterator[Due], *, is_dry_run: bool) -> None:
    console = Console()
    done = "would be deleted" if is_dry_run else "were deleted"
    async for it in organisations:
        kept = f"keeps {it.retention_days} days, from {it.before} (UTC)"
        if not it.days:
            console.print(f"{it.name} {kept}: nothing is older.", highlight=False)
            continue
        table = Table(title=f"{it.name} {kept}", title_justify="left")
        for heading, justify in (("day", "left"), ("events", "right"), ("drops", "right")):
            table.add_column(heading, justify=justify)  # type: ignore[arg-type]
        for day in it.days:
            table.add_row(str(day.day), f"{day.events:,}", f"{day.drops:,}")
        console.print(table)
        console.print(f"{it.events:,} events and {it.drops:,} drops {done}.", highlight=False)
