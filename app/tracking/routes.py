"""`/api/tracking/*`: a person's own statistics, opens and signature."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from app.dependencies import CallerDep, Now, ResourcesDep
from app.errors import ForbiddenError
from app.identity.models import Session
from app.tracking import service
from app.tracking.explain import explain as explain_queries
from app.tracking.schemas import DailyOpens, Explanation, MyStats, RecentOpens
from app.tracking.viewer import Viewer
from clickhouse.client import ClickHouse

router = APIRouter(prefix="/api/tracking", tags=["tracking"])


async def get_clickhouse(resources: ResourcesDep) -> ClickHouse:
    """Return the connected client; 503 while ClickHouse is away."""
    return await resources.clickhouse.get()


async def get_viewer(caller: CallerDep) -> Viewer:
    """Return for whom to count: the caller. Raises `ForbiddenError` where people are not shown their statistics."""
    viewer = Viewer.of(caller.user, caller.settings)
    if not viewer.is_dashboard_shown:
        raise ForbiddenError(
            f"{caller.organisation.name} has switched off personal statistics. Your opens are still counted for the "
            "organisation; an owner or admin can switch the page on again under Tracking settings.",
            setting="showUserDashboard",
        )
    return viewer


ClickHouseDep = Annotated[ClickHouse, Depends(get_clickhouse)]
ViewerDep = Annotated[Viewer, Depends(get_viewer)]


@router.get("/my-stats")
async def my_stats(caller: CallerDep, viewer: ViewerDep, resources: ResourcesDep, now: Now) -> MyStats:
    """Return how often the caller's signature was opened, in the caller's own days and weeks."""
    stats = await resources.answers.remembered(
        viewer.organisation_id, ("my-stats", viewer), lambda: resources.my_stats.count(viewer), now=now
    )
    if isinstance(caller.credential, Session):  # a person looked, not a program
        await service.mark_dashboard_seen(resources.database, caller.user, now=now)
    return stats


@router.get("/my-stats/daily")
async def my_stats_daily(
    viewer: ViewerDep,
    resources: ResourcesDep,
    now: Now,
    days: Annotated[int, Query(ge=1, le=366, description="How many local days, today included.")] = 30,
) -> DailyOpens:
    """Return the opens of the last days, one item a local day, today last, zeros filled in."""
    return await resources.answers.remembered(
        viewer.organisation_id,
        ("daily", viewer, days),
        lambda: resources.my_stats.daily(viewer, days),
        now=now,
    )


@router.get("/my-opens")
async def my_opens(
    viewer: ViewerDep,
    clickhouse: ClickHouseDep,
    resources: ResourcesDep,
    now: Now,
    limit: Annotated[int, Query(ge=1, le=200, description="At most so many.")] = 20,
) -> RecentOpens:
    """Return the newest opens of the caller's signature, counted or not, with the reasons."""
    return await resources.answers.remembered(
        viewer.organisation_id,
        ("my-opens", viewer, limit),
        lambda: service.recent_opens(clickhouse, viewer, limit=limit),
        now=now,
    )


@router.get("/explain")
async def explain(viewer: ViewerDep, clickhouse: ClickHouseDep, now: Now) -> Explanation:
    """Return the SQL behind each number, with the caller's parameters filled in."""
    return explain_queries(clickhouse.queries, viewer, now=now)
