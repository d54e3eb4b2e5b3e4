"""The people of an organisation, as far as statistics need them."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError
from app.identity.models import User
from app.tracking.models import OrganisationSettings
from app.tracking.viewer import Viewer


class Person(NamedTuple):
    """Name and department; `department` is None if there is none."""

    name: str
    department: str | None
    is_active: bool


_EVERYBODY = select(User.id, User.name, User.department, User.is_active).where(
    User.organisation_id == bindparam("organisation_id")
)


async def people_of(session: AsyncSession, organisation_id: UUID) -> dict[UUID, Person]:
    """Return everybody of an organisation, also those who have left, by id."""
    rows = await session.execute(_EVERYBODY, {"organisation_id": organisation_id})
    return {id_: Person(name, (department or "").strip() or None, active) for id_, name, department, active in rows}


async def person_and_viewer(session: AsyncSession, organisation_id: UUID, user_id: UUID) -> tuple[User, Viewer]:
    """Return a person of this organisation, also one who has left. Raises `NotFoundError` for anybody else."""
    statement = (
        select(User, OrganisationSettings)
        .join(OrganisationSettings, OrganisationSettings.organisation_id == User.organisation_id)
        .where(User.id == user_id, User.organisation_id == organisation_id)
    )
    row = (await session.execute(statement)).one_or_none()
    if row is None:
        raise NotFoundError("Your organisation has no such person; organization-stats lists those with opens.")
    return row[0], Viewer.of(*row)
