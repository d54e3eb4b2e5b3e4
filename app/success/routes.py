"""`GET /api/admin/tracking/success-metrics`: for owners and admins."""

from fastapi import APIRouter

from app.dependencies import AdminDep, Now, ResourcesDep
from app.success import service
from app.success.schemas import SuccessMetrics
from app.tracking.routes import ClickHouseDep

router = APIRouter(prefix="/api/admin/tracking", tags=["success metrics"])


@router.get("/success-metrics")
async def success_metrics(
    caller: AdminDep, resources: ResourcesDep, clickhouse: ClickHouseDep, now: Now
) -> SuccessMetrics:
    """Return who looks at their dashboard, what of the hits is recorded, how fast pixels answer, and who tracks.

    Hits and organisations of the whole installation are shown to its first organisation only.
    """
    async with resources.database.reading() as session:
        return await service.success_metrics(session, clickhouse, resources.redis, caller, now=now)
