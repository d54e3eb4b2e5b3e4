"""`/api/admin/audit`: who changed what, for owners and admins."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.audit import service
from app.audit.schemas import AuditPage
from app.dependencies import AdminDep, ResourcesDep

router = APIRouter(prefix="/api/admin", tags=["audit"])


@router.get("/audit")
async def audit(
    caller: AdminDep,
    resources: ResourcesDep,
    cursor: Annotated[str | None, Query(max_length=200, description="`nextCursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="At most so many.")] = 50,
    action: Annotated[str | None, Query(max_length=64, description="Only this action.")] = None,
) -> AuditPage:
    """Return the organisation's changes, newest first. Owners and admins only."""
    async with resources.database.reading() as session:
        return await service.entries(session, caller.organisation.id, action=action, cursor=cursor, limit=limit)
