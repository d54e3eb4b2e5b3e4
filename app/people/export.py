"""The list of people as CSV, page by page, so that it may be of any length."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from app import csv_out
from app.people import listing
from app.store.database import Database

HEADER = ("email", "name", "department", "job title", "phone", "time zone", "locale", "role", "state", "last seen")
"""Names that an import understands: what was exported can be changed and imported."""
_PAGE = 1000


async def exported(
    database: Database, organisation_id: UUID, wanted: listing.Wanted, *, now: datetime
) -> AsyncIterator[bytes]:
    """Yield the people asked for, in the order asked for, as a CSV file."""
    yield (csv_out.BOM + csv_out.lines([HEADER])).encode()
    cursor: str | None = None
    while True:
        async with database.reading() as session:
            found, _, cursor = await listing.page(session, organisation_id, wanted, cursor=cursor, limit=_PAGE, now=now)
        rows = [
            (
                person.email,
                person.name,
                person.department,
                person.job_title,
                person.phone,
                person.time_zone,
                person.locale,
                person.role,
                person.state,
                person.last_seen_at.isoformat(timespec="seconds") if person.last_seen_at else None,
            )
            for person in found
        ]
        yield csv_out.lines(rows).encode()
        if cursor is None:
            return
