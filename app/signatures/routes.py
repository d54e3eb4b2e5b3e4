"""Signatures: one's own, the organisation's template and everybody's (admins), and those that mail servers ask for."""

import asyncio
import hashlib
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Response
from fastapi.responses import StreamingResponse

from app.audit.service import Actor
from app.campaigns.service import active_pixels
from app.dependencies import AdminDep, CallerDep, Now, ResourcesDep
from app.http_headers import best_media_type, is_known
from app.signatures import service
from app.signatures.export import exported
from app.signatures.rendering import renderer, signature_of
from app.signatures.schemas import (
    MySignature,
    PersonSignature,
    Preview,
    PreviewRequest,
    TemplateChange,
    TemplateSaved,
    TemplateView,
)

router = APIRouter(tags=["signatures"])
_CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"description": "It changed since `version`; `current` is what it is."}
}


@router.get("/api/tracking/my-signature", tags=["tracking"])
async def my_signature(caller: CallerDep, resources: ResourcesDep) -> MySignature:
    """Return the caller's signature, with their pixel while user tracking is on, and those of active campaigns."""
    url = resources.settings.collector_public_url
    async with resources.database.reading() as session:
        made = await renderer(session, caller.organisation, caller.settings, collector_public_url=url)
        return await signature_of(session, made, caller.user)


@router.get("/api/admin/signatures/template")
async def template(caller: AdminDep, resources: ResourcesDep) -> TemplateView:
    """Return the organisation's template, or the built-in one. Owners and admins only."""
    async with resources.database.reading() as session:
        return await service.present(session, caller.organisation.id)


@router.put("/api/admin/signatures/template", responses=_CONFLICT)
async def change_template(body: TemplateChange, caller: AdminDep, resources: ResourcesDep, now: Now) -> TemplateSaved:
    """Save a template, made safe, if it is still at `version`. Placeholders that do not exist are refused."""
    return await service.change(resources.database, caller.organisation.id, body, actor=Actor.of(caller), now=now)


@router.delete("/api/admin/signatures/template", responses=_CONFLICT)
async def reset_template(
    caller: AdminDep,
    resources: ResourcesDep,
    now: Now,
    version: Annotated[
        int | None, Query(ge=0, description="409 if it has changed since; absent: whatever it is.")
    ] = None,
) -> TemplateView:
    """Go back to the built-in template, and return it. The audit log keeps what there was."""
    return await service.reset(
        resources.database, caller.organisation.id, version=version, actor=Actor.of(caller), now=now
    )


@router.post("/api/admin/signatures/preview", responses={404: {"description": "There is no such person."}})
async def preview(body: PreviewRequest, caller: AdminDep, resources: ResourcesDep) -> Preview:
    """Return a template with a real person's data, without pixels; what was removed; what mail programs will spoil."""
    async with resources.database.reading() as session:
        user = await service.person(session, caller.organisation.id, user_id=body.user_id or caller.user.id)
        campaigns = await active_pixels(session, caller.organisation.id, user.id)
    return await asyncio.to_thread(service.preview, body, user, caller.organisation, campaigns)


@router.get("/api/admin/signatures/people/{userId}")
async def person_signature(
    caller: AdminDep, resources: ResourcesDep, user_id: Annotated[UUID, Path(alias="userId")]
) -> PersonSignature:
    """Return the signature of a person, pixels included. Owners and admins only."""
    url = resources.settings.collector_public_url
    async with resources.database.reading() as session:
        user = await service.person(session, caller.organisation.id, user_id=user_id)
        made = await renderer(session, caller.organisation, caller.settings, collector_public_url=url)
        found = await signature_of(session, made, user)
    return PersonSignature.model_validate(
        found.model_dump() | {"user_id": user.id, "name": user.name, "email": user.email}
    )


@router.get(
    "/api/admin/signatures/export",
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}, "description": "An .htm and .txt each, and manifest.csv."}},
)
async def export(caller: AdminDep, resources: ResourcesDep, now: Now) -> StreamingResponse:
    """Return everybody's signature as a zip, streamed. Owners and admins only."""
    url = resources.settings.collector_public_url
    async with resources.database.reading() as session:
        made = await renderer(session, caller.organisation, caller.settings, collector_public_url=url)
    headers = {
        "content-disposition": f'attachment; filename="signatures-{now:%Y-%m-%d}.zip"',
        "content-encoding": "identity",  # packed already
    }
    chunks = exported(resources.database, caller.organisation.id, made, now=now)
    return StreamingResponse(chunks, media_type="application/zip", headers=headers)


_FOR_SERVERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {}, "text/plain": {}}, "description": "The signature; `Accept` chooses."},
    304: {"description": "It is still what `If-None-Match` names."},
    404: {"description": "Nobody active has this address: send the message as it is."},
}


@router.get("/api/signatures", response_class=Response, responses=_FOR_SERVERS)
async def signature_for_server(
    caller: AdminDep,
    resources: ResourcesDep,
    email: Annotated[str, Query(max_length=320, description="The sender's address.")],
    accept: Annotated[list[str] | None, Header()] = None,
    if_none_match: Annotated[list[str] | None, Header()] = None,
) -> Response:
    """Return a person's signature for a mail server that puts it into messages. A key of an owner or admin."""
    url = resources.settings.collector_public_url
    async with resources.database.reading() as session:
        user = await service.person_by_email(session, caller.organisation.id, email)
        made = await renderer(session, caller.organisation, caller.settings, collector_public_url=url)
        found = await signature_of(session, made, user)
    media_type = best_media_type(accept or (), ("text/html", "text/plain"))
    body = (found.html if media_type == "text/html" else found.plain_text).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "vary": "Accept, Authorization", "cache-control": "private, no-cache"}
    if is_known(if_none_match or (), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=f"{media_type}; charset=utf-8", headers=headers)


@router.get("/api/signatures/{email}", response_class=Response, responses=_FOR_SERVERS)
async def signature_for_server_by_path(
    caller: AdminDep,
    resources: ResourcesDep,
    email: Annotated[str, Path(max_length=320, description="The sender's address.")],
    accept: Annotated[list[str] | None, Header()] = None,
    if_none_match: Annotated[list[str] | None, Header()] = None,
) -> Response:
    """Return the same by path."""
    return await signature_for_server(caller, resources, email, accept, if_none_match)
