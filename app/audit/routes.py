"""`/api/admin/audit`: who changed what, for owners and admins."""

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from app import csv_out
from app.audit import service
from app.audit.export import exported
from app.audit.kinds import Kind
from app.audit.schemas import AuditPage
from app.audit.service import Asked
from app.dependencies import AdminDep, ResourcesDep
from app.errors import BadInputError
from app.tracking.calendar import start_of_day

router = APIRouter(prefix="/api/admin", tags=["audit"])

_FIRST, _LAST = date(1970, 1, 2), date(9000, 1, 1)


async def get_asked(
    *,
    caller: AdminDep,
    action: Annotated[str | None, Query(max_length=64, description="Only this action.")] = None,
    kind: Annotated[Kind | None, Query(description="Only this kind; `imports`: each person of them too.")] = None,
    person: Annotated[UUID | None, Query(description="Only what this person did, or what was done to them.")] = None,
    first: Annotated[date | None, Query(alias="from", description="First day, in the caller's time zone.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Last day, included.")] = None,
) -> Asked:
    """Return which changes are asked for."""
    if first is not None and last is not None and last < first:
        raise BadInputError("to: the last day is before the first; turn them round.", field="to")
    for name, day in (("from", first), ("to", last)):
        if day is not None and not _FIRST <= day <= _LAST:
            raise BadInputError(f"{name}: {day} is no day anything was changed on.", field=name)
    return Asked(
        action=action,
        kind=kind,
        person=person,
        from_at=start_of_day(first, caller.zone) if first is not None else None,
        until_at=start_of_day(last + timedelta(days=1), caller.zone) if last is not None else None,
    )


AskedDep = Annotated[Asked, Depends(get_asked)]


@router.get("/audit")
async def audit(
    caller: AdminDep,
    resources: ResourcesDep,
    asked: AskedDep,
    cursor: Annotated[str | None, Query(max_length=200, description="`nextCursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="At most so many.")] = 50,
) -> AuditPage:
    """Return the organisation's changes, newest first. Owners and admins only.

    Of an import of people there is one entry; those of each person come with `kind=imports` or `person`.
    """
    async with resources.database.reading() as session:
        return await service.entries(session, caller.organisation.id, asked, cursor=cursor, limit=limit)


@router.get(
    "/audit/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}, "description": "Newest first; times are UTC."}},
)
async def export_audit(caller: AdminDep, resources: ResourcesDep, asked: AskedDep) -> StreamingResponse:
    """Return all changes asked for as a CSV file."""
    rows = exported(resources.database, caller.organisation.id, asked)
    headers = {"content-disposition": 'attachment; filename="audit.csv"'}
    return StreamingResponse(rows, media_type=csv_out.MEDIA_TYPE, headers=headers)
