"""`/api/admin/people/import`: people from a CSV file, which is read while it comes in."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import IO, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse
from starlette.requests import ClientDisconnect

from app import csv_out
from app.audit.service import Actor
from app.dependencies import AdminDep, Now, ResourcesDep
from app.errors import BadInputError
from app.http_headers import media_type
from app.people.importing.cells import RowError
from app.people.importing.code_pages import checked_encoding, known_encoding
from app.people.importing.columns import parsed_mapping
from app.people.importing.importer import Importer, ImportOptions
from app.people.importing.plan import Sender
from app.people.importing.schemas import ImportResult
from app.people.importing.tally import Tally

router = APIRouter(prefix="/api/admin/people", tags=["people of the organisation"])

PATHS = ("/api/admin/people/import", "/api/admin/people/import/errors")
"""Paths whose body may be a file."""
_IN_MEMORY_BYTES = 2**20
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself, its first line naming the columns.",
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
    }
}


async def get_options(
    *,
    request: Request,
    encoding: Annotated[
        str | None,
        Query(
            max_length=40, description="What the file is of, such as `windows-1251`; asked for if it cannot be told."
        ),
    ] = None,
    map_: Annotated[
        list[str] | None,
        Query(alias="map", max_length=50, description="`HEADER=field`: what a column is; `HEADER=` leaves it out."),
    ] = None,
    clear_empty: Annotated[
        bool, Query(alias="clearEmpty", description="Empty cells erase department, job title and phone.")
    ] = False,
    keep_spellings: Annotated[
        bool,
        Query(alias="keepSpellings", description="Take departments as spelt, not as the organisation spells them."),
    ] = False,
) -> ImportOptions:
    """Return how the file is to be read: as `encoding` says, else as the `charset` of its type does."""
    return ImportOptions(
        clears_empty=clear_empty,
        keeps_spellings=keep_spellings,
        mapping=parsed_mapping(map_ or []),
        encoding=checked_encoding(encoding) if encoding else _charset(request),
    )


OptionsDep = Annotated[ImportOptions, Depends(get_options)]


async def get_importer(caller: AdminDep, resources: ResourcesDep, now: Now, options: OptionsDep) -> Importer:
    """Return an importer into the caller's organisation, not begun."""
    return Importer(
        resources.database,
        caller.organisation,
        sender=Sender(caller.user.id, is_owner=caller.user.role == "owner"),
        actor=Actor.of(caller),
        now=now,
        options=options,
    )


ImporterDep = Annotated[Importer, Depends(get_importer)]


@router.post("/import", openapi_extra=_BODY)
async def import_people(
    request: Request,
    importer: ImporterDep,
    is_dry_run: Annotated[bool, Query(alias="dryRun", description="Only say what would happen.")] = False,
) -> ImportResult:
    """Add and change people by their addresses. Rows that do not fit are told and left out; sending again is safe.

    Of an address that stands in the file twice, the first row counts. Roles above member are given by owners only.
    """
    importer.options = replace(importer.options, is_dry_run=is_dry_run)
    return await importer.run(_csv_body(request))


@router.post(
    "/import/errors",
    openapi_extra=_BODY,
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}, "description": "`line,field,message`; of no error only the header."}},
)
async def import_errors(request: Request, importer: ImporterDep) -> StreamingResponse:
    """Return everything that is wrong with the file, as CSV; nothing is imported."""
    kept: IO[str] = tempfile.SpooledTemporaryFile(  # noqa: SIM115 - closed when it was sent
        max_size=_IN_MEMORY_BYTES, mode="w+", encoding="utf-8", newline=""
    )
    kept.write(csv_out.BOM + csv_out.lines([("line", "field", "message")]))

    def keep(error: RowError) -> None:
        kept.write(csv_out.lines([(error.line, error.field, error.message)]))

    importer.options = replace(importer.options, is_dry_run=True)
    importer.tally = Tally(on_error=keep)
    try:
        await importer.run(_csv_body(request))
    except BaseException:
        kept.close()
        raise
    headers = {"content-disposition": 'attachment; filename="import-errors.csv"'}
    return StreamingResponse(_sent(kept), media_type=csv_out.MEDIA_TYPE, headers=headers)


def _charset(request: Request) -> str | None:
    """Return what the sender says the file is of; not what clients say whatever they send."""
    _, charset = media_type(request.headers.get("content-type", ""))
    found = known_encoding(charset) if charset else None
    return None if found in ("utf-8", "iso-8859-1") else found


async def _csv_body(request: Request) -> AsyncIterator[bytes]:
    """Yield the body as it comes. Raises `BadInputError` for a body that says it is something else."""
    kind, _ = media_type(request.headers.get("content-type", "text/csv"))
    if not (kind.startswith("text/") or kind in ("application/octet-stream", "application/vnd.ms-excel")):
        raise BadInputError(f"Content-Type: send the CSV file itself as text/csv, not {kind}.", field="Content-Type")
    try:
        async for piece in request.stream():
            yield piece
    except ClientDisconnect as error:
        raise BadInputError("The connection ended before the file did; send it again.", field="body") from error


def _sent(kept: IO[str]) -> Iterator[bytes]:
    with kept:
        kept.seek(0)
        while text := kept.read(_IN_MEMORY_BYTES // 4):
            yield text.encode()
