"""Changing people: each change under the rules of roles, with its entry in the audit log, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic.alias_generators import to_camel
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import Actor, record
from app.errors import BadInputError, ConflictError, NotFoundError
from app.identity.caller import Caller
from app.identity.endings import end_everything, end_for_new_role
from app.identity.models import User
from app.identity.service import create_user, find_user
from app.people import rules
from app.people.schemas import CHANGEABLE, PersonChange, PersonNew, version_of
from app.people.tokens import activate_token
from app.store.database import Database
from app.tracking.models import UserToken
from app.tracking.rotation import deactivate_token, rotate_token


@dataclass(frozen=True, slots=True)
class Desk:
    """Who changes people, where and when."""

    database: Database
    caller: Caller
    now: datetime

    def note(self, session: AsyncSession, action: str, person: User, **change: Mapping[str, Any] | None) -> None:
        """Write the audit entry of a change of this person."""
        record(
            session,
            organisation_id=self.caller.organisation.id,
            actor=Actor.of(self.caller),
            at=self.now,
            action=action,
            subject=person.name,
            subject_id=person.id,
            **change,
        )

    async def person(self, session: AsyncSession, user_id: UUID) -> User:
        """Return the person, locked, if the caller may change them.

        Raises `NotFoundError` for somebody of another organisation, `ForbiddenError` for owners.
        """
        person = await session.get(User, user_id, with_for_update=True, populate_existing=True)
        if person is None or person.organisation_id != self.caller.organisation.id:
            raise NotFoundError("Your organisation has no such person; GET /api/admin/people lists who there is.")
        rules.check_may_touch(self.caller.user, person)
        return person


async def add(desk: Desk, new: PersonNew) -> User:
    """Add a person with their token. Raises `ConflictError` for an address that is taken, with `userId`."""
    rules.check_role(desk.caller.user, None, new.role)
    organisation_id = desk.caller.organisation.id
    try:
        async with desk.database.session() as session:
            taken = await find_user(session, organisation_id=organisation_id, email=new.email)
            if taken is not None:
                raise _taken(new.email, taken)
            values = new.model_dump() | {"department": new.department or None}
            person = await create_user(session, organisation_id=organisation_id, **values)
            desk.note(session, "person_added", person, after=_said(person, ("email", *CHANGEABLE)))
            return person
    except IntegrityError as error:  # on PostgreSQL somebody may add the same address between our look and our insert
        raise ConflictError(f"email: {new.email} was added a moment ago by somebody else.", field="email") from error


async def change(desk: Desk, user_id: UUID, wanted: PersonChange) -> User:
    """Change what is sent. What is as wanted already is no change, and no conflict either.

    Raises `ConflictError` if the person changed after `wanted.version`, with `current`: what they are now.
    """
    values = wanted.model_dump(exclude_unset=True, exclude={"version"})
    for name, value in values.items():
        if value is None and name != "department":
            field = to_camel(name)
            raise BadInputError(f"{field}: null is not possible; leave the field out to keep it.", field=field)
    if "department" in values:
        values["department"] = values["department"] or None
    async with desk.database.session() as session:
        person = await desk.person(session, user_id)
        changed = tuple(name for name, value in values.items() if getattr(person, name) != value)
        if not changed:
            return person
        if version_of(person) != wanted.version:
            raise ConflictError(
                f"{person.name} was changed after you read them. Nothing of yours was saved or lost: look at "
                "`current`, then send your change again with its version.",
                current=_said(person, CHANGEABLE) | {"version": version_of(person)},
            )
        if "role" in changed:
            rules.check_role(desk.caller.user, person, values["role"])
            await rules.check_not_last_owner(session, person)
            await end_for_new_role(session, person.id, person.role, values["role"], now=desk.now)
        before = _said(person, changed)
        for name in changed:
            setattr(person, name, values[name])
        desk.note(session, "person_changed", person, before=before, after=_said(person, changed))
        return person


async def deactivate(desk: Desk, user_id: UUID) -> tuple[User, UserToken | None]:
    """End a person's access: sessions, keys, links, invitations; and their token. Their statistics stay.

    Return the token that ended, to be announced. Nobody deactivates themselves.
    """
    async with desk.database.session() as session:
        person = await desk.person(session, user_id)
        if person.id == desk.caller.user.id:
            raise BadInputError("You cannot deactivate yourself; ask another owner or admin to do it.")
        if not person.is_active:
            return person, None
        await rules.check_not_last_owner(session, person)
        person.is_active = False
        ended = (await end_everything(session, person.id, now=desk.now)).noted()
        token = await deactivate_token(session, person)
        desk.note(session, "person_deactivated", person, before={"isActive": True}, after={"isActive": False} | ended)
        return person, token


async def reactivate(desk: Desk, user_id: UUID) -> tuple[User, UserToken | None]:
    """Let a person in again, with the token they had; sessions and keys stay ended."""
    async with desk.database.session() as session:
        person = await desk.person(session, user_id)
        if person.is_active:
            return person, None
        person.is_active = True
        token = await activate_token(session, person)
        desk.note(session, "person_reactivated", person, before={"isActive": False}, after={"isActive": True})
        return person, token


async def change_token(desk: Desk, user_id: UUID, what: str) -> tuple[User, UserToken | None]:
    """Rotate, deactivate or activate a person's token; return the token to be announced, None if nothing changed."""
    async with desk.database.session() as session:
        person = await desk.person(session, user_id)
        had = await session.scalar(select(UserToken.id).where(UserToken.user_id == user_id, UserToken.is_active))
        token: UserToken | None
        if what == "rotated":
            _check_is_active(person)
            await session.execute(
                update(UserToken)
                .where(UserToken.user_id == user_id, UserToken.ended_because == "deactivated")
                .values(ended_because="rotated")
            )
            token = await rotate_token(session, person)
        elif what == "deactivated":
            token = await deactivate_token(session, person)
        else:
            _check_is_active(person)
            token = await activate_token(session, person) if had is None else None
        if token is not None:
            state = {True: "active", False: "deactivated"}
            after = "rotated" if what == "rotated" else state[token.is_active]
            desk.note(
                session, f"token_{what}", person, before={"token": state[had is not None]}, after={"token": after}
            )
        return person, token


def _check_is_active(person: User) -> None:
    if not person.is_active:
        raise ConflictError(f"{person.name} is deactivated; reactivate them first, their token comes back with them.")


def _taken(email: str, person: User) -> ConflictError:
    state = "" if person.is_active else ", deactivated: reactivate them instead"
    return ConflictError(
        f"email: {email} belongs to {person.name} already{state}.", field="email", userId=str(person.id)
    )


def _said(person: User, names: tuple[str, ...]) -> dict[str, Any]:
    return {to_camel(name): getattr(person, name) for name in names}
