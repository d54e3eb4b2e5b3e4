"""`GET /api/admin/tracking/success-metrics`: for owners and admins."""

from fastapi import APIRouter

from app.dependencies import AdminDep, Now, ResourcesDep
from app.success import service
from app.success.schemas import SuccessMetrics
from app.tracking.explain import explained
from app.tracking.routes import ClickHouseDep
from app.tracking.schemas import Explanation

router = APIRouter(prefix="/api/admin/tracking", tags=["success metrics"])


@router.get("/success-metrics")
async def success_metrics(
    caller: AdminDep, resources: ResourcesDep, clickhouse: ClickHouseDep, now: Now
) -> SuccessMetrics:
    """Return who looks at their dashboard, what of the hits is recorded, how fast pixels answer, and who tracks.

    Hits and organisations of the whole installation are shown to its first organisation only.
    """
    async with resources.database.reading() as session:
        found = await service.known(session, caller.organisation.id, now=now)
    return await service.success_metrics(found, clickhouse, resources.redis, caller, now=now)


@router.get("/success-metrics/explain")
async def explain_success_metrics(caller: AdminDep, resources: ResourcesDep, clickhouse: ClickHouseDep) -> Explanation:
    """Return the SQL that says what became of the hits; empty where these are not shown.

    The other metrics have no SQL over the log: collectors count them, or the relational store.
    """
    async with resources.database.reading() as session:
        asked = await service.questions(session, resources.redis, caller)
    return explained(clickhouse.queries, asked)
