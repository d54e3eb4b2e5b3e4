"""`/api/admin/people`: the people of the organisation, for its owners and admins."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response, status
from fastapi.responses import StreamingResponse

from app import csv_out
from app.dependencies import AdminDep, Now, ResourcesDep
from app.identity.announce import announce_access
from app.identity.roles import Role
from app.people import listing, service
from app.people.departments import departments_of
from app.people.export import exported
from app.people.old_signatures import OLD_SIGNATURE_DAYS, old_signatures
from app.people.present import found_person, items
from app.people.schemas import (
    Departments,
    Direction,
    OldSignatures,
    PeoplePage,
    PersonChange,
    PersonItem,
    PersonNew,
    Sort,
    State,
)
from app.ready import Ready
from app.tracking.rotation import announce_token
from clickhouse.errors import ClickHouseError

router = APIRouter(prefix="/api/admin/people", tags=["people of the organisation"])

INACTIVE: dict[int | str, dict[str, Any]] = {409: {"description": "The person is deactivated."}}
CHANGED: dict[int | str, dict[str, Any]] = {
    409: {"description": "Changed since `version` (`current` is what they are), or the last owner."}
}


async def get_wanted(
    *,
    search: Annotated[str, Query(max_length=200, description="Words, all of them in the name or the address.")] = "",
    department: Annotated[
        str | None, Query(max_length=200, description="Only this department; `-`: people without one.")
    ] = None,
    role: Annotated[Role | None, Query(description="Only this role.")] = None,
    state: Annotated[State | None, Query(description="Only people in this state.")] = None,
    sort: Annotated[Sort, Query(description="What the order compares; `lastSeen`: never counts as earliest.")] = "name",
    direction: Annotated[Direction, Query(description="Ascending or descending.")] = "ascending",
) -> listing.Wanted:
    """Return which people are asked for."""
    search = search.replace("\0", " ")  # which PostgreSQL has no room for
    return listing.Wanted(search, department and department.replace("\0", ""), role, state, sort, direction)


async def get_desk(caller: AdminDep, resources: ResourcesDep, now: Now) -> service.Desk:
    """Return who changes people, where and when. Raises `ForbiddenError` for all but owners and admins."""
    return service.Desk(resources.database, caller, now)


WantedDep = Annotated[listing.Wanted, Depends(get_wanted)]
DeskDep = Annotated[service.Desk, Depends(get_desk)]
UserId = Annotated[UUID, Path(alias="userId", description="A person of the caller's organisation.")]


@router.get("", response_model=PeoplePage)
async def people(
    *,
    request: Request,
    caller: AdminDep,
    resources: ResourcesDep,
    now: Now,
    wanted: WantedDep,
    cursor: Annotated[str | None, Query(max_length=2000, description="`nextCursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="At most so many.")] = 50,
) -> Response:
    """Return one page of the organisation's people. Owners and admins only, as is all below."""
    organisation_id = caller.organisation.id
    async with resources.database.reading() as session:
        found, total, following = await listing.page(
            session, organisation_id, wanted, cursor=cursor, limit=limit, now=now
        )

    async def written(old: Mapping[UUID, OldSignatures] | None) -> Ready:
        shown = items(found, old)
        page = PeoplePage(data=shown, total=total, next_cursor=following, old_signature_days=OLD_SIGNATURE_DAYS)
        return await Ready.of(page)

    async def answer() -> Ready:
        ids = [person.id for person in found]
        return await written(await old_signatures(resources.clickhouse, organisation_id, ids, now=now))

    question = ("people", total, following, *map(tuple, found))
    try:
        ready = await resources.answers.remembered(organisation_id, question, answer, now=now)
    except ClickHouseError:  # people are listed without it
        ready = await written(None)
    return ready.response(request)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}, "description": "Can be changed and imported again."}},
)
async def export_people(caller: AdminDep, resources: ResourcesDep, now: Now, wanted: WantedDep) -> StreamingResponse:
    """Return everybody who fits search and filters as a CSV file, in the order asked for."""
    rows = exported(resources.database, caller.organisation.id, wanted, now=now)
    headers = {"content-disposition": 'attachment; filename="people.csv"'}
    return StreamingResponse(rows, media_type=csv_out.MEDIA_TYPE, headers=headers)


@router.get("/departments")
async def departments(caller: AdminDep, resources: ResourcesDep) -> Departments:
    """Return the departments of active people, with all their spellings."""
    async with resources.database.reading() as session:
        return Departments(data=await departments_of(session, caller.organisation.id))


@router.post("", status_code=status.HTTP_201_CREATED, responses={409: {"description": "The address is taken."}})
async def add_person(body: PersonNew, desk: DeskDep, resources: ResourcesDep) -> PersonItem:
    """Add a person, with a token of their own from this moment on."""
    person = await service.add(desk, body)
    return await _shown(desk, resources, person.id)


@router.get("/{userId}")
async def person(user_id: UserId, desk: DeskDep, resources: ResourcesDep) -> PersonItem:
    """Return one person."""
    return await _shown(desk, resources, user_id)


@router.patch("/{userId}", responses=CHANGED)
async def change_person(user_id: UserId, body: PersonChange, desk: DeskDep, resources: ResourcesDep) -> PersonItem:
    """Change what is sent, if the person is still at `version`."""
    await service.change(desk, user_id, body)
    if body.role is not None:
        await announce_access(resources.redis, desk.caller.organisation.id, now=desk.now)
    return await _shown(desk, resources, user_id)


@router.post("/{userId}/deactivate", responses=CHANGED)
async def deactivate_person(user_id: UserId, desk: DeskDep, resources: ResourcesDep) -> PersonItem:
    """End the person's sessions, keys, open links and token. Their past statistics stay."""
    _, token = await service.deactivate(desk, user_id)
    await announce_access(resources.redis, desk.caller.organisation.id, now=desk.now)
    if token is not None:
        await announce_token(resources.redis, token)
    return await _shown(desk, resources, user_id)


@router.post("/{userId}/reactivate")
async def reactivate_person(user_id: UserId, desk: DeskDep, resources: ResourcesDep) -> PersonItem:
    """Let the person in again; their signature counts again. Sessions and keys stay ended."""
    _, token = await service.reactivate(desk, user_id)
    if token is not None:
        await announce_token(resources.redis, token)
    return await _shown(desk, resources, user_id)


@router.post("/{userId}/token/rotate", responses=INACTIVE)
async def rotate_person_token(user_id: UserId, desk: DeskDep, resources: ResourcesDep) -> PersonItem:
    """Give the person a new token. Signatures with the old one still show their GIF, and are no longer counted."""
    return await _token_changed(user_id, desk, resources, "rotated")


@router.post("/{userId}/token/deactivate", responses=INACTIVE)
async def deactivate_person_token(user_id: UserId, desk: DeskDep, resources: ResourcesDep) -> PersonItem:
    """Stop counting opens of this person's signatures, until the token is activated again."""
    return await _token_changed(user_id, desk, resources, "deactivated")


@router.post("/{userId}/token/activate", responses=INACTIVE)
async def activate_person_token(user_id: UserId, desk: DeskDep, resources: ResourcesDep) -> PersonItem:
    """Count opens of this person's signatures again, those sent before too. A rotated token never comes back."""
    return await _token_changed(user_id, desk, resources, "activated")


async def _token_changed(user_id: UUID, desk: service.Desk, resources: ResourcesDep, what: str) -> PersonItem:
    _, token = await service.change_token(desk, user_id, what)
    if token is not None:
        await announce_token(resources.redis, token)
    return await _shown(desk, resources, user_id)


async def _shown(desk: service.Desk, resources: ResourcesDep, user_id: UUID) -> PersonItem:
    organisation_id = desk.caller.organisation.id
    async with resources.database.reading() as session:
        found = await found_person(session, organisation_id, user_id, now=desk.now)
    try:
        old = await old_signatures(resources.clickhouse, organisation_id, [user_id], now=desk.now)
    except ClickHouseError:
        old = None
    [item] = items([found], old)
    return item
