"""`GET /api/widget/engagement`: the one request of the widget."""

import asyncio

from fastapi import APIRouter

from app.dependencies import CallerDep, ResourcesDep
from app.tracking.routes import ViewerDep
from app.widget.schemas import WidgetEngagement

router = APIRouter(prefix="/api/widget", tags=["widget"])

DAYS = 7
"""Bars of the widget, today included."""


@router.get("/engagement")
async def widget_engagement(caller: CallerDep, viewer: ViewerDep, resources: ResourcesDep) -> WidgetEngagement:
    """Return what the widget shows of the caller's own signature; also to keys that may do no more than this.

    It is not noted as a look at the dashboard: a page that shows the widget may be open with nobody before it.
    """
    stats, days = await asyncio.gather(
        resources.my_stats.count(viewer),
        resources.my_stats.daily(viewer, DAYS),
    )
    return WidgetEngagement(
        this_week=stats.this_week,
        last_week=stats.last_week,
        last_week_to_date=stats.last_week_to_date,
        daily=days.data,
        peak_hours=stats.peak_hours,
        not_counted=stats.not_counted,
        excludes_bots=caller.settings.exclude_bots,
        is_tracking_on=caller.settings.user_tracking_enabled,
        retention_days=caller.settings.retention_days,
        locale=caller.user.locale,
        time_zone=stats.time_zone,
        week_starts_on=stats.week_starts_on,
        as_of=stats.as_of,
        last_open_at=stats.last_open_at,
    )
