"""Counts the success metrics: people and organisations in the relational store, hits in Redis and ClickHouse."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.collector.reports import Report
from app.identity.caller import Caller
from app.identity.models import Organisation, User
from app.success.reported import are_all_heard, began, collectors_of, latency_of, reports_of
from app.success.schemas import Ending, Looking, Recording, SuccessMetrics, Tracking
from app.tracking.models import OrganisationSettings
from clickhouse.client import ClickHouse

QUERY = "hits_ended"


async def success_metrics(
    session: AsyncSession, clickhouse: ClickHouse, redis: Redis, caller: Caller, *, now: datetime
) -> SuccessMetrics:
    """Count everything as of `now`. What tells of other organisations is for the operator's admins only."""
    is_operator = await first_organisation(session) == caller.organisation.id
    reports = await reports_of(redis)
    return SuccessMetrics(
        looking=await looking(session, caller.organisation.id, now=now),
        recording=await recording(clickhouse, reports, now=now) if is_operator and reports else None,
        latency=latency_of(reports, is_operator=is_operator),
        collectors=collectors_of(reports, now) if is_operator else [],
        tracking=await tracking(session, caller, is_operator=is_operator),
        is_operator=is_operator,
        as_of=now,
    )


async def questions(session: AsyncSession, redis: Redis, caller: Caller) -> dict[str, dict[str, object]]:
    """Return what ClickHouse is asked for the caller, by the query's name: nothing but for the operator's admins."""
    reports = await reports_of(redis)
    if not reports or await first_organisation(session) != caller.organisation.id:
        return {}
    return {QUERY: {"first_id": first_id(began(reports))}}


async def first_organisation(session: AsyncSession) -> UUID | None:
    """Return the organisation that was made first: whoever installed this server made it."""
    oldest = select(Organisation.id).order_by(Organisation.created_at, Organisation.id).limit(1)
    found: UUID | None = await session.scalar(oldest)
    return found


async def looking(session: AsyncSession, organisation_id: UUID, *, now: datetime) -> Looking:
    """Count active people, and those of them who opened their dashboard."""
    people = select(func.count()).where(User.organisation_id == organisation_id, User.is_active.is_(True))

    async def count_since(days: int) -> int:
        return await session.scalar(people.where(User.dashboard_seen_at > now - timedelta(days=days))) or 0

    return Looking(
        people=await session.scalar(people) or 0, last_7_days=await count_since(7), last_30_days=await count_since(30)
    )


async def recording(clickhouse: ClickHouse, reports: Sequence[Report], *, now: datetime) -> Recording:
    """Compare what the collectors accepted since the earliest of these runs with what became of it."""
    since = began(reports)
    rows = await clickhouse.query(QUERY, {"first_id": first_id(since)})
    endings = {row["ending"]: row["hits"] for row in rows}
    stored = endings.pop("stored", 0)
    accepted, lost = sum(it.recorded for it in reports), sum(it.lost for it in reports)
    dropped = sorted(endings.items(), key=lambda item: (-item[1], item[0]))
    asked = accepted + lost
    return Recording(
        since=since,
        accepted=accepted,
        lost=lost,
        malformed=sum(it.malformed for it in reports),
        stored=stored,
        dropped=[Ending(reason=reason, hits=hits) for reason, hits in dropped],
        on_the_way=max(0, accepted - stored - sum(endings.values())),
        waiting_bytes=sum(newest.waiting_bytes for newest in _newest(reports)),
        share=None if asked == 0 else accepted * 10_000 // asked / 100,  # rounded down: 100 % is said only of all
        is_exact=are_all_heard(reports, now),
    )


def first_id(moment: datetime) -> UUID:
    """Return the smallest UUIDv7 of a moment: 48 bits of milliseconds stand in front."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


async def tracking(session: AsyncSession, caller: Caller, *, is_operator: bool) -> Tracking:
    """Tell whether this organisation tracks and, to the operator, how many do."""
    is_on = caller.settings.user_tracking_enabled
    if not is_operator:
        return Tracking(is_on=is_on, organisations=None, organisations_on=None)
    every = select(func.count()).select_from(OrganisationSettings)
    return Tracking(
        is_on=is_on,
        organisations=await session.scalar(every),
        organisations_on=await session.scalar(every.where(OrganisationSettings.user_tracking_enabled.is_(True))),
    )


def _newest(reports: Sequence[Report]) -> list[Report]:
    """Return the newest report of each collector: a later run has taken over the spool of the one before."""
    return list({report.collector: report for report in sorted(reports, key=lambda report: report.at)}.values())
