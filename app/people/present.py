"""A person as the API shows them: the row, their token, and what comes of old signatures."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError
from app.identity.models import User
from app.people.listing import state_of
from app.people.old_signatures import old_signatures
from app.people.schemas import PersonItem, State, version_of
from app.people.tokens import token_views
from app.resources import Resources

_AS_IT_IS = ("id", "name", "email", "role", "job_title", "phone", "time_zone", "locale", "is_active", "last_seen_at")


async def found_person(
    session: AsyncSession, organisation_id: UUID, user_id: UUID, *, now: datetime
) -> tuple[User, State]:
    """Return a person of this organisation with their state. Raises `NotFoundError` for anybody else."""
    statement = select(User, state_of(now)).where(User.id == user_id, User.organisation_id == organisation_id)
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFoundError("Your organisation has no such person; GET /api/admin/people lists who there is.")
    return row[0], row[1]


async def items(
    resources: Resources, organisation_id: UUID, people: Sequence[tuple[User, State]], *, now: datetime
) -> list[PersonItem]:
    """Return these people as the API shows them, in their order."""
    ids = [user.id for user, _ in people]
    async with resources.database.reading() as session:
        tokens = await token_views(session, ids)
    old = await old_signatures(resources.clickhouse, organisation_id, ids, now=now)
    return [
        PersonItem.model_validate(
            {name: getattr(user, name) for name in _AS_IT_IS}
            | {
                "department": (user.department or "").strip() or None,
                "state": state,
                "joined_at": user.created_at,
                "token": tokens[user.id],
                "old_signatures": old[user.id] if old is not None else None,
                "version": version_of(user),
            }
        )
        for user, state in people
    ]
