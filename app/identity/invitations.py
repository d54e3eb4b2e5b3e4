"""Invitations: one link per person, shown once, which lets somebody in who has no password yet or forgot theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import Actor, record
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.identity.endings import lock_person
from app.identity.models import Invitation, Organisation, User
from app.identity.secrets import digest, new_secret

INVITATION_DAYS = 7
UNKNOWN = "This invitation was used already, was withdrawn, has expired or is not complete; ask for a new one."


@dataclass(frozen=True, slots=True)
class Invited:
    """A fresh invitation. `token` exists here and in the link only; the store keeps its hash."""

    token: str
    expires_at: datetime

    def url(self, public_url: str) -> str:
        """Return the link to hand over."""
        return f"{public_url}/invitation/{self.token}"


async def invite(session: AsyncSession, user: User, *, actor: Actor, now: datetime) -> Invited:
    """Make an invitation of a person of the organisation; the one before it stops working. Notes it in the audit log.

    Raises `ConflictError` for a person who was deactivated: they could not come in.
    """
    if not user.is_active:
        raise ConflictError(f"{user.name} is deactivated; activate them first, then invite.")
    await _withdraw(session, user.id, now)
    token = new_secret()
    made = Invited(token, now + timedelta(days=INVITATION_DAYS))
    session.add(
        Invitation(
            organisation_id=user.organisation_id,
            user_id=user.id,
            token_hash=digest(token),
            invited_by=actor.user_id,
            created_at=now,
            expires_at=made.expires_at,
        )
    )
    _note(session, user, "invitation_created", actor=actor, now=now, after={"expiresAt": made.expires_at.isoformat()})
    await session.flush()
    return made


async def withdraw(session: AsyncSession, user: User, *, actor: Actor, now: datetime) -> None:
    """End the person's invitation. Raises `NotFoundError` if none is open."""
    if not await _withdraw(session, user.id, now):
        raise NotFoundError(f"{user.name} has no open invitation.")
    _note(session, user, "invitation_revoked", actor=actor, now=now)


async def pending(session: AsyncSession, organisation_id: UUID, *, now: datetime) -> Mapping[UUID, datetime]:
    """Return who has an open invitation, by user id, with the moment it ends."""
    statement = select(Invitation.user_id, Invitation.expires_at).where(
        Invitation.organisation_id == organisation_id,
        Invitation.accepted_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > now,
    )
    rows = (await session.execute(statement)).all()
    return {user_id: expires_at for user_id, expires_at in rows}  # noqa: C416 - a row is no tuple to mypy


async def invited_person(session: AsyncSession, organisation_id: UUID, user_id: UUID, *, by: str | None = None) -> User:
    """Return whose ways in an administrator wants to make or end.

    Raises `NotFoundError` for somebody of another organisation; `ForbiddenError` if an admin asks for an owner: a link
    lets its holder act as that person, and owners are changed by owners alone. `by` is the role of who asks.
    """
    user = await session.get(User, user_id)
    if user is None or user.organisation_id != organisation_id:
        raise NotFoundError("There is no such person in your organisation.")
    if user.role == "owner" and by == "admin":
        raise ForbiddenError(f"{user.name} is an owner. Only an owner may make or end their links, sessions and keys.")
    return user


async def look(session: AsyncSession, token: str, *, now: datetime) -> tuple[Invitation, User, Organisation]:
    """Return an open invitation with its person and organisation, and use nothing up.

    Raises `NotFoundError` if it is unknown, used, withdrawn or expired, or its person was deactivated.
    """
    row = (await session.execute(_open(token, now))).one_or_none()
    if row is None:
        raise NotFoundError(UNKNOWN)
    invitation, user, organisation = row
    return invitation, user, organisation


async def accept(session: AsyncSession, token: str, *, now: datetime, sets_password: bool = False) -> User:
    """Use an invitation up and return its person; of two that try at once, one gets it.

    Raises `NotFoundError` as `look` does.
    """
    _, user, _ = await look(session, token, now=now)
    await lock_person(session, user.id)  # first, as everybody does who ends links: see `endings`
    await session.refresh(user)
    used = (
        update(Invitation)
        .where(
            Invitation.token_hash == digest(token),
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
        )
        .values(accepted_at=now)
        .returning(Invitation.id)
    )
    if not user.is_active or await session.scalar(used) is None:
        raise NotFoundError(UNKNOWN)
    after = {"setsPassword": sets_password}
    _note(session, user, "invitation_accepted", actor=Actor(user.id), now=now, after=after)
    return user


async def accept_any(session: AsyncSession, user: User, *, now: datetime) -> None:
    """Close the open invitation of somebody who came in another way: a link nobody needs should open nothing."""
    closed = update(Invitation).where(
        Invitation.user_id == user.id, Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)
    )
    await session.execute(closed.values(accepted_at=now))


async def forget_expired(session: AsyncSession, *, now: datetime) -> None:
    """Delete invitations whose time is over, so that the table does not grow for ever; the audit log remembers."""
    await session.execute(delete(Invitation).where(Invitation.expires_at <= now))


def _open(token: str, now: datetime) -> Select[Invitation, User, Organisation]:
    return (
        select(Invitation, User, Organisation)
        .join(User, User.id == Invitation.user_id)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(
            Invitation.token_hash == digest(token),
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
            User.is_active.is_(True),
        )
    )


async def _withdraw(session: AsyncSession, user_id: UUID, now: datetime) -> bool:
    ended = (
        update(Invitation)
        .where(
            Invitation.user_id == user_id,
            Invitation.accepted_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(revoked_at=now)
        .returning(Invitation.id)
    )
    return bool((await session.scalars(ended)).all())


def _note(
    session: AsyncSession,
    user: User,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    after: Mapping[str, str | bool] | None = None,
) -> None:
    record(
        session,
        organisation_id=user.organisation_id,
        actor=actor,
        at=now,
        action=action,
        subject=user.email,
        subject_id=user.id,
        after=after,
    )
