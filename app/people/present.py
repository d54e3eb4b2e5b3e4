"""A person as the API shows them: the row, their token, and what comes of old signatures."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError
from app.people.schemas import OldSignatures, PersonItem, version_of
from app.people.statements import PERSON
from app.people.tokens import token_view

_AS_IT_IS = (
    "id",
    "name",
    "email",
    "role",
    "job_title",
    "phone",
    "time_zone",
    "locale",
    "state",
    "is_active",
    "last_seen_at",
)


async def found_person(session: AsyncSession, organisation_id: UUID, user_id: UUID, *, now: datetime) -> Row[Any]:
    """Return the row of a person of this organisation. Raises `NotFoundError` for anybody else."""
    asked = {"user_id": user_id, "organisation_id": organisation_id, "now": now}
    row = (await session.execute(PERSON, asked)).one_or_none()
    if row is None:
        raise NotFoundError("Your organisation has no such person; GET /api/admin/people lists who there is.")
    return row


def items(people: Sequence[Row[Any]], old: Mapping[UUID, OldSignatures] | None) -> list[PersonItem]:
    """Return these people, rows of `statements`, as the API shows them, in their order; `old` if it is known."""
    return [
        PersonItem.model_validate(
            {name: getattr(person, name) for name in _AS_IT_IS}
            | {
                "department": (person.department or "").strip() or None,
                "joined_at": person.created_at,
                "token": token_view(person.tokens),
                "old_signatures": old[person.id] if old is not None else None,
                "version": version_of(person),
            }
        )
        for person in people
    ]
