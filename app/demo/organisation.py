"""The demo's people, added to an organisation that exists."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.demo.opens import Carried, Writer
from app.demo.people import DOMAIN, OWNER_DEPARTMENT, OWNER_JOB_TITLE, PEOPLE
from app.errors import BadInputError, NotFoundError
from app.identity.models import Organisation, User
from app.identity.service import create_user, ensure_token, find_user
from clickhouse.client import ClickHouse

_ENOUGH_USERS = 200
"""People asked about before "no real opens" is believed; the oldest ones, who would have them first."""


async def choose_organisation(session: AsyncSession, name: str | None) -> Organisation:
    """Return the organisation of this name, or the oldest one. Raises `NotFoundError`, `BadInputError`."""
    statement = select(Organisation).order_by(Organisation.created_at)
    found = (await session.scalars(statement if name is None else statement.where(Organisation.name == name))).all()
    if not found:
        raise NotFoundError(f"There is no organisation {name or ''}; `heliograph users add-organisation` makes one.")
    if name is not None and len(found) > 1:
        raise BadInputError(f"Several organisations are named {name}.")
    return found[0]


async def add_people(session: AsyncSession, organisation: Organisation, *, count: int, since: datetime) -> list[User]:
    """Make sure that the owner and `count - 1` demo people are there since `since`; return them, the owner first.

    The owner keeps name, time zone and the day they came; job title and department are filled in where they are empty.
    """
    owner = await _owner(session, organisation.id)
    owner.job_title = owner.job_title or OWNER_JOB_TITLE
    owner.department = owner.department or OWNER_DEPARTMENT
    users = [owner]
    for person in PEOPLE[: count - 1]:
        user = await find_user(session, organisation_id=organisation.id, email=person.email)
        user = user or await create_user(
            session,
            organisation_id=organisation.id,
            email=person.email,
            name=person.name,
            job_title=person.job_title,
            department=person.department,
            time_zone=person.time_zone,
            locale=person.locale,
        )
        user.created_at = min(user.created_at, since)
        users.append(user)
    await session.flush()
    return users


async def make_writers(
    session: AsyncSession, users: Sequence[User], carried: Mapping[UUID, Sequence[Carried]], *, seed: int
) -> list[Writer]:
    """Return the people, the owner first, as those who write: with their token and the campaigns they carry."""
    rng = random.Random(seed)  # noqa: S311  # believable, not secret
    writers = []
    for number, user in enumerate(users):
        token = await ensure_token(session, user)
        activity = min(2.2, rng.lognormvariate(-0.15, 0.5))
        is_owner = number == 0  # whoever looks first should have something to look at
        much, lift = (3.0, 1.4) if is_owner else (activity, 1.0)
        writers.append(Writer(token.token, user.time_zone, much, lift, tuple(carried.get(user.id, ()))))
    return writers


async def has_demo_people(session: AsyncSession, organisation_id: UUID) -> bool:
    """Say whether somebody of the demo is there already."""
    statement = select(func.count()).where(User.organisation_id == organisation_id, User.email.endswith(f"@{DOMAIN}"))
    return bool(await session.scalar(statement))


async def has_opens(session: AsyncSession, clickhouse: ClickHouse, organisation_id: UUID) -> bool:
    """Say whether anybody of the organisation has an open in the log."""
    statement = (
        select(User.id).where(User.organisation_id == organisation_id).order_by(User.created_at).limit(_ENOUGH_USERS)
    )
    for user_id in (await session.scalars(statement)).all():
        if await clickhouse.query("last_stored_at", {"organisation_id": organisation_id, "user_id": user_id}):
            return True
    return False


async def _owner(session: AsyncSession, organisation_id: UUID) -> User:
    statement = (
        select(User)
        .where(User.organisation_id == organisation_id, User.is_active.is_(True), User.role == "owner")
        .order_by(User.created_at)
    )
    owner = (await session.scalars(statement.limit(1))).first()
    if owner is None:
        raise NotFoundError("The organisation has no active owner; `heliograph users add … --role owner` makes one.")
    return owner
