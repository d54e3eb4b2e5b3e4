"""The list of people: search, filters, order and pages, answered by the relational store."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, case, exists, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import BadInputError
from app.identity.models import Invitation, User
from app.people.rules import RANK
from app.people.schemas import Direction, Sort, State

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
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
) -> tuple[list[tuple[User, State]], int, str | None]:
    """Return the people of one page with their states, how many there are in all, and the next cursor.

    Raises `BadInputError` for a cursor that is none, or of another order.
    """
    state, key = state_of(now), _key(wanted.sort)
    conditions = _conditions(organisation_id, wanted, state)
    total = await session.scalar(select(func.count()).select_from(User).where(*conditions)) or 0
    statement: Select[Any] = select(User, state, key).where(*conditions).limit(limit + 1)
    is_up = wanted.direction == "ascending"
    statement = statement.order_by(key.asc() if is_up else key.desc(), User.id.asc() if is_up else User.id.desc())
    if cursor is not None:
        here, after = tuple_(key, User.id), tuple_(*map(literal, _parsed(cursor, wanted)))
        statement = statement.where(here > after if is_up else here < after)
    rows = (await session.execute(statement)).all()
    following = _cursor(rows[limit - 1], wanted) if len(rows) > limit else None
    return [(row[0], row[1]) for row in rows[:limit]], total, following


def state_of(now: datetime) -> ColumnElement[Any]:
    """Return the expression of a person's state."""
    is_invited = exists().where(
        Invitation.user_id == User.id,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    )
    return case(
        (User.is_active.is_(False), "inactive"),
        (User.last_seen_at.is_not(None), "active"),
        (is_invited, "invited"),
        else_="never_signed_in",
    )


def _conditions(organisation_id: UUID, wanted: Wanted, state: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [User.organisation_id == organisation_id]
    found.extend(
        User.name.icontains(word, autoescape=True) | User.email.icontains(word, autoescape=True)
        for word in wanted.search.split()
    )
    if wanted.department == NO_DEPARTMENT:
        found.append(func.coalesce(func.trim(User.department), "") == "")
    elif wanted.department is not None:
        found.append(func.trim(User.department) == wanted.department.strip())
    if wanted.role is not None:
        found.append(User.role == wanted.role)
    if wanted.state is not None:
        found.append(state == wanted.state)
    return found


def _key(sort: Sort) -> ColumnElement[Any]:
    """Return what the order compares; never null, so that pages follow each other without gaps."""
    keys: dict[Sort, ColumnElement[Any]] = {
        "name": func.lower(User.name),
        "email": User.email.expression,
        "department": func.lower(func.coalesce(User.department, "")),
        "role": case(RANK, value=User.role),
        "lastSeen": func.coalesce(User.last_seen_at, literal(_NEVER, User.last_seen_at.type)),
        "joined": User.created_at.expression,
    }
    return keys[sort]


def _cursor(row: Sequence[Any], wanted: Wanted) -> str:
    value = row[2].isoformat() if isinstance(row[2], datetime) else row[2]
    text = orjson.dumps([wanted.sort, wanted.direction, value, str(row[0].id)])
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
