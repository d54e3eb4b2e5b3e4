"""The people of an organisation, as far as statistics need them."""

import asyncio
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError
from app.identity.models import User
from app.store.database import Database
from app.together import Together
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


class PeopleTogether:
    """Reads the people of organisations for requests; who asks at the same time shares one reading."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together: Together[UUID, Mapping[UUID, Person]] = Together(self._answer, name="people")

    async def of(self, organisation_id: UUID) -> Mapping[UUID, Person]:
        """Return everybody of an organisation as they are after this was called; do not change it."""
        return await self._together.ask(organisation_id)

    async def _answer(self, asked: "Mapping[UUID, asyncio.Future[Mapping[UUID, Person]]]") -> None:
        async with self._database.reading() as session:
            for organisation_id, answer in asked.items():
                answer.set_result(await people_of(session, organisation_id))


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
