"""The audit log as CSV, page by page, so that it may be of any length."""

from collections.abc import AsyncIterator
from uuid import UUID

import orjson

from app import csv_out
from app.audit.schemas import AuditItem
from app.audit.service import Asked, entries
from app.store.database import Database

HEADER = ("at", "by", "api key", "action", "subject", "subject id", "before", "after")
_PAGE = 1000


async def exported(database: Database, organisation_id: UUID, asked: Asked) -> AsyncIterator[bytes]:
    """Yield the changes asked for, newest first, as a CSV file; times are UTC."""
    yield (csv_out.BOM + csv_out.lines([HEADER])).encode()
    cursor: str | None = None
    while True:
        async with database.reading() as session:
            page = await entries(session, organisation_id, asked, cursor=cursor, limit=_PAGE)
        yield csv_out.lines(map(_row, page.data)).encode()
        cursor = page.next_cursor
        if cursor is None:
            return


def _row(item: AuditItem) -> tuple[object, ...]:
    values = [orjson.dumps(value).decode() if value is not None else None for value in (item.before, item.after)]
    by = item.actor.name or item.actor.kind
    return (item.at.isoformat(), by, item.actor.key_name, item.action, item.subject, item.subject_id, *values)
