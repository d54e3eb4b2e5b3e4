"""The list of people: search, filters, order and pages, answered by the relational store."""

import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import BadInputError
from app.identity.email_addresses import canonical_domain, canonical_email
from app.people.schemas import Direction, Sort, State
from app.people.statements import Shape, statements
from app.store.patterns import as_pattern

NO_DEPARTMENT = "-"
"""As a filter: people without a department."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people, in which order."""

    search: str = ""
    department: str | None = None
    role: str | None = None
    state: State | None = None
    sort: Sort = "name"
    direction: Direction = "ascending"


async def page(
    session: AsyncSession, organisation_id: UUID, wanted: Wanted, *, cursor: str | None, limit: int, now: datetime
) -> tuple[Sequence[Row[Any]], int, str | None]:
    """Return the people of one page (rows of `statements`), how many there are in all, and the next cursor.

    Raises `BadInputError` for a cursor that is none, or of another order.
    """
    words = [_key(word) for word in wanted.search.split()]
    asked: dict[str, object] = {f"word_{number}": as_pattern(word) for number, word in enumerate(words)}
    asked |= {"organisation_id": organisation_id, "now": now, "most": limit + 1}
    if wanted.department is not None:
        asked["department"] = wanted.department.strip()
    asked |= {"role": wanted.role, "state": wanted.state}
    if cursor is not None:
        asked["after"], asked["after_id"] = _parsed(cursor, wanted)
    made = statements(_shape(wanted, len(words), is_after=cursor is not None))
    total = await session.scalar(made.total, asked) or 0
    rows = (await session.execute(made.page, asked)).all()
    following = _cursor(rows[limit - 1], wanted) if len(rows) > limit else None
    return rows[:limit], total, following


def _key(word: str) -> str:
    """Return a word as names and addresses are stored: composed, the domain of an address in letters."""
    if "@" in word:
        return canonical_email(word)
    return canonical_domain(word) if "xn--" in word.lower() else unicodedata.normalize("NFC", word)


def _shape(wanted: Wanted, words: int, *, is_after: bool) -> Shape:
    return Shape(
        words=words,
        department="any" if wanted.department is None else "none" if wanted.department == NO_DEPARTMENT else "named",
        is_role_asked=wanted.role is not None,
        is_state_asked=wanted.state is not None,
        sort=wanted.sort,
        direction=wanted.direction,
        is_after=is_after,
    )


def _cursor(row: Row[Any], wanted: Wanted) -> str:
    value = row.sort_key.isoformat() if isinstance(row.sort_key, datetime) else row.sort_key
    text = orjson.dumps([wanted.sort, wanted.direction, value, str(row.id)])
    return urlsafe_b64encode(text).decode().rstrip("=")


def _parsed(cursor: str, wanted: Wanted) -> tuple[Any, UUID]:
    try:
        sort, direction, value, id_ = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if (sort, direction) != (wanted.sort, wanted.direction):
            raise ValueError("another order")
        if sort in ("lastSeen", "joined"):
            value = datetime.fromisoformat(value)
            if value.tzinfo is None:
                raise ValueError("a moment without a zone")
        elif not isinstance(value, int if sort == "role" else str):
            raise ValueError("another kind of value")
        return value, UUID(id_)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadInputError(
            "cursor: send `nextCursor` of the page before, unchanged, with the same order.", field="cursor"
        ) from error
