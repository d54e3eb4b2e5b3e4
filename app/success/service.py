"""Counts the success metrics: people and organisations in the relational store, hits in Redis and ClickHouse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from redis.asyncio import Redis
from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.collector.reports import Report
from app.identity.caller import Caller
from app.identity.models import Organisation, User
from app.success.reported import are_all_heard, began, collectors_of, first_id, latency_of, reports_of
from app.success.schemas import Ending, Looking, Recording, SuccessMetrics, Tracking
from app.tracking.models import OrganisationSettings
from clickhouse.client import ClickHouse

QUERY = "hits_ended"


@dataclass(frozen=True, slots=True)
class Known:
    """What the relational store counts."""

    is_operator: bool
    """The caller's organisation was made first: whoever installed this server made it."""
    people: int
    looked_within_7_days: int
    looked_within_30_days: int
    organisations: int
    organisations_on: int


_PEOPLE = (
    select(func.count())
    .select_from(User)
    .where(User.organisation_id == bindparam("organisation_id"), User.is_active.is_(True))
)
_ORGANISATIONS = select(func.count()).select_from(OrganisationSettings)
_FIRST = select(Organisation.id).order_by(Organisation.created_at, Organisation.id).limit(1)
_KNOWN = select(
    _FIRST.scalar_subquery(),
    _PEOPLE.scalar_subquery(),
    _PEOPLE.where(User.dashboard_seen_at > bindparam("week_ago")).scalar_subquery(),
    _PEOPLE.where(User.dashboard_seen_at > bindparam("month_ago")).scalar_subquery(),
    _ORGANISATIONS.scalar_subquery(),
    _ORGANISATIONS.where(OrganisationSettings.user_tracking_enabled.is_(True)).scalar_subquery(),
)


async def known(session: AsyncSession, organisation_id: UUID, *, now: datetime) -> Known:
    """Count everything that the relational store knows, in one statement."""
    asked = {
        "organisation_id": organisation_id,
        "week_ago": now - timedelta(days=7),
        "month_ago": now - timedelta(days=30),
    }
    first, *counts = (await session.execute(_KNOWN, asked)).one()
    return Known(first == organisation_id, *counts)


async def success_metrics(
    found: Known, clickhouse: ClickHouse, redis: Redis, caller: Caller, *, now: datetime
) -> SuccessMetrics:
    """Put everything together as of `now`. What tells of other organisations is for the operator's admins only."""
    reports = await reports_of(redis)
    return SuccessMetrics(
        looking=Looking(
            people=found.people, last_7_days=found.looked_within_7_days, last_30_days=found.looked_within_30_days
        ),
        recording=await recording(clickhouse, reports, now=now) if found.is_operator and reports else None,
        latency=latency_of(reports, is_operator=found.is_operator),
        collectors=collectors_of(reports, now) if found.is_operator else [],
        tracking=Tracking(
            is_on=caller.settings.user_tracking_enabled,
            organisations=found.organisations if found.is_operator else None,
            organisations_on=found.organisations_on if found.is_operator else None,
        ),
        is_operator=found.is_operator,
        as_of=now,
    )


async def questions(session: AsyncSession, redis: Redis, caller: Caller) -> dict[str, dict[str, object]]:
    """Return what ClickHouse is asked for the caller, by the query's name: nothing but for the operator's admins."""
    reports = await reports_of(redis)
    if not reports or await session.scalar(_FIRST) != caller.organisation.id:
        return {}
    return {QUERY: {"first_id": first_id(began(reports))}}


async def recording(clickhouse: ClickHouse, reports: Sequence[Report], *, now: datetime) -> Recording:
    """Compare what the collectors accepted since the earliest of these runs with what became of it."""
    since = began(reports)
    rows = await clickhouse.query(QUERY, {"first_id": first_id(since)})
    endings = {row["ending"]: row["hits"] for row in rows}
    stored, deleted, deleting = (endings.pop(name, 0) for name in ("stored", "deleted", "deleting"))
    accepted, lost = sum(it.recorded for it in reports), sum(it.lost for it in reports)
    dropped = sorted(endings.items(), key=lambda item: (-item[1], item[0]))
    asked = accepted + lost
    return Recording(
        since=since,
        accepted=accepted,
        lost=lost,
        malformed=sum(it.malformed for it in reports),
        stored=stored,
        deleted=deleted,
        dropped=[Ending(reason=reason, hits=hits) for reason, hits in dropped],
        on_the_way=max(0, accepted - stored - deleted - sum(endings.values())),
        waiting_bytes=sum(newest.waiting_bytes for newest in _newest(reports)),
        share=None if asked == 0 else accepted * 10_000 // asked / 100,  # rounded down: 100 % is said only of all
        is_exact=are_all_heard(reports, now),
        is_deleting=deleting > 0,
    )


def _newest(reports: Sequence[Report]) -> list[Report]:
    """Return the newest report of each collector: a later run has taken over the spool of the one before."""
    return list({report.collector: report for report in sorted(reports, key=lambda report: report.at)}.values())
