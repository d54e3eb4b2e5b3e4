"""The people of an organisation, as far as statistics need them."""

import asyncio
from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError
from app.identity.models import User
from app.store.database import Database
from app.store.json_rows import JsonRows, moment
from app.together import Together
from app.tracking.models import OrganisationSettings
from app.tracking.viewer import Viewer
from app.unchanged import Unchanged

MOST_CHARACTERS = 50_000_000
"""Of all organisations together, at about 90 a person; what is made of them is three times as large."""


class Person(NamedTuple):
    """Name and department; `department` is None if there is none."""

    name: str
    department: str | None
    is_active: bool
    joined_at: datetime


class People:
    """Everybody of an organisation, also those who have left, by id; the same object for as long as nobody changed."""

    def __init__(self, text: str) -> None:
        self.state: Hashable = object()
        """Names what was made of these people: equal for as long as nobody changed, and never again."""
        self.by_id: Mapping[UUID, Person] = {
            UUID(id_): Person(name, (department or "").strip() or None, bool(is_active), moment(joined_at))
            for id_, name, department, is_active, joined_at in orjson.loads(text)
        }


_EVERYBODY = select(JsonRows(User.id, User.name, User.department, User.is_active, User.created_at)).where(
    User.organisation_id == bindparam("organisation_id")
)


class PeopleTogether:
    """Reads the people of organisations for requests; who asks at the same time shares one reading.

    They are read for every request, and only what is made of them is remembered: until somebody changed, in whatever
    process or by whatever means.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together: Together[UUID, People] = Together(self._answer, name="people")
        self._known: Unchanged[UUID, People] = Unchanged(People, most_characters=MOST_CHARACTERS)

    async def of(self, organisation_id: UUID) -> People:
        """Return everybody of an organisation as they are after this was called."""
        return await self._together.ask(organisation_id)

    async def _answer(self, asked: "Mapping[UUID, asyncio.Future[People]]") -> None:
        async with self._database.reading() as session:
            for organisation_id, answer in asked.items():
                text = await session.scalar(_EVERYBODY, {"organisation_id": organisation_id})
                answer.set_result(self._known.of(organisation_id, text or "[]"))


_PERSON = (
    select(User, OrganisationSettings)
    .join(OrganisationSettings, OrganisationSettings.organisation_id == User.organisation_id)
    .where(User.id == bindparam("user_id"), User.organisation_id == bindparam("organisation_id"))
)


async def person_and_viewer(session: AsyncSession, organisation_id: UUID, user_id: UUID) -> tuple[User, Viewer]:
    """Return a person of this organisation, also one who has left. Raises `NotFoundError` for anybody else."""
    asked = {"user_id": user_id, "organisation_id": organisation_id}
    row = (await session.execute(_PERSON, asked)).one_or_none()
    if row is None:
        raise NotFoundError("Your organisation has no such person; organization-stats lists those with opens.")
    return row[0], Viewer.of(*row)
