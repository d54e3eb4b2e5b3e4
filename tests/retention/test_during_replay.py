"""Retention lowered while history is judged again: both run at once, over the holds they share in the product."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from app.identity.service import bootstrap_organisation
from app.replay.job import Step, replay
from app.retention.service import run
from app.store.database import Database
from app.store.holds import hold_store
from app.tracking.models import OrganisationSettings
from clickhouse.client import ClickHouse
from clickhouse.verify import verify
from tests.fixtures.log import Open, no_hold, no_runs, store
from tests.replay.opens import AGENTS, expected, log_of, with_verdict
from tests.replay.rulesets import ruleset_2

__all__ = ["ruleset_2"]
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


def opens(organisation_id: UUID) -> list[Open]:
    """Three opens a day, over 80 days and four months."""
    return [
        with_verdict(
            Open(
                at=NOW - timedelta(days=n // 3, minutes=n),
                organisation_id=organisation_id,
                user_id=UUID(int=n % 5),
                visitor=bytes([n % 50]) * 16,
                user_agent=AGENTS[n % len(AGENTS)],
            )
        )
        for n in range(240)
    ]


@pytest.mark.parametrize("begins_at", ["2025", "waiting", "swapping"])
async def test_what_is_kept_no_longer_goes_and_the_rest_is_judged_anew_however_they_meet(
    database: Database, clickhouse: ClickHouse, migrated_url: str, ruleset_2: int, begins_at: str
) -> None:
    async with database.session() as session:
        made = await bootstrap_organisation(
            session, name="Acme", owner_email="o@acme.test", owner_name="O", time_zone="UTC"
        )
    rows = opens(made.id)
    await store(clickhouse, rows, token="t")
    begun = asyncio.Event()

    def look(step: Step) -> None:
        if step.what.startswith(begins_at):
            begun.set()

    async def lower_and_delete() -> None:
        await begun.wait()
        async with database.session() as session:
            await session.execute(update(OrganisationSettings).values(retention_days=30))
        async for _ in run(database, clickhouse, now=NOW, beginnings=no_runs, rest_ratio=0, rows_per_chunk=100):
            pass

    async with asyncio.timeout(120), asyncio.TaskGroup() as both:
        both.create_task(lower_and_delete())
        await replay(migrated_url, ruleset=ruleset_2, hold=lambda: hold_store(database), swap=True, on_step=look)
    assert begun.is_set()
    kept = [row for row in rows if row.at.date() >= (NOW - timedelta(days=30)).date()]
    assert await log_of(clickhouse) == expected(kept, ruleset_2)
    assert (await verify(clickhouse, hold=no_hold())).is_clean
