"""The end of credentials: what else ends with a password, a session, a key, a role or a person.

One rule: what a person sees in a list (sessions, keys) ends when they end it, and with a new password. What nobody sees
(invitations, sign-in links) ends with whatever could have made it. docs/signing-in.md has the table of all pairs.

Each function works in the caller's transaction and locks the person first, so that two of them never wait for each
other in a circle, and nothing is made by a credential that ends at this moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotSignedInError
from app.identity.caller import USE_NOTED_EVERY, Caller
from app.identity.models import ApiKey, Invitation, Session, SigninLink, User
from app.identity.roles import ADMIN_ROLES


@dataclass(frozen=True, slots=True)
class Ended:
    """How many of each kind ended, for the audit log and for the person."""

    sessions: int = 0
    keys: int = 0
    links: int = 0

    def noted(self) -> dict[str, int]:
        """Return what the audit log says."""
        links = {"linksEnded": self.links} if self.links else {}
        return {"sessionsEnded": self.sessions, "keysRevoked": self.keys} | links


async def lock_person(session: AsyncSession, user_id: UUID) -> None:
    """Hold the person's row: their credentials are made and ended one after the other."""
    await session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


async def hold_session(session: AsyncSession, caller: Caller, *, now: datetime) -> str:
    """Hold a caller who makes a credential, and return their role of now.

    The request was let in a moment ago; its session may have ended since. Raises `NotSignedInError` then, and
    `ForbiddenError` for an API key: a key that leaked must not make what outlives it.
    """
    id_hash = caller.browser_session.id_hash
    await lock_person(session, caller.user.id)
    still = (
        select(User.role)
        .join(Session, Session.user_id == User.id)
        .where(Session.id_hash == id_hash, Session.expires_at > now, User.is_active.is_(True))
    )
    role: str | None = await session.scalar(still)
    if role is None:
        raise NotSignedInError("The session has ended meanwhile; sign in again.")
    return role


async def end_for_new_password(
    session: AsyncSession, user_id: UUID, *, now: datetime, keep_session: str | None = None, keep_keys: bool = False
) -> Ended:
    """End what somebody may hold who knew the old password: sessions but one, open links, keys unless they are kept.

    Open invitations of others end too, whichever session made them: one that was signed out of left no trace. Widget
    keys stay: they stand in a page for everybody to read, so a new password protects nothing there.
    """
    await lock_person(session, user_id)
    sessions, links = await _end_sessions(session, user_id, Session.id_hash != (keep_session or ""), now)
    links += await _end_invitations(session, Invitation.invited_by == user_id, now)
    keys = 0 if keep_keys else await _end_secret_keys(session, user_id, now)
    return Ended(sessions, keys, links)


async def end_sessions(session: AsyncSession, user_id: UUID, *which: ColumnElement[bool], now: datetime) -> Ended:
    """End these of a person's sessions, because somebody does not know them, and the open links they could have made.

    Keys stay: the person sees them in a list.
    """
    await lock_person(session, user_id)
    sessions, links = await _end_sessions(session, user_id, and_(*which), now)
    return Ended(sessions=sessions, links=links)


async def end_key(session: AsyncSession, key: ApiKey, *, now: datetime) -> Ended:
    """Revoke a key; with one that could change things, the person's open links end too."""
    await lock_person(session, key.user_id)
    ended = update(ApiKey).where(ApiKey.id == key.id, ApiKey.revoked_at.is_(None)).values(revoked_at=now)
    keys = len((await session.scalars(ended.returning(ApiKey.id))).all())
    links = await end_links_of(session, key.user_id, now=now) if keys and "write" in key.scopes else 0
    return Ended(keys=keys, links=links)


async def end_everything(session: AsyncSession, user_id: UUID, *, now: datetime) -> Ended:
    """End every way in of somebody who is deactivated, and the open links they made for others."""
    await lock_person(session, user_id)
    sessions, links = await _end_sessions(session, user_id, Session.id_hash != "", now)
    is_open = (ApiKey.user_id == user_id) & ApiKey.revoked_at.is_(None)
    keys = await session.scalars(update(ApiKey).where(is_open).values(revoked_at=now).returning(ApiKey.id))
    links += await _end_invitations(session, Invitation.invited_by == user_id, now)
    return Ended(sessions, len(keys.all()), links)


async def end_for_new_role(session: AsyncSession, user_id: UUID, before: str, after: str, *, now: datetime) -> int:
    """End the open links that a change of role makes wrong; return how many.

    Who may no longer invite may still hold links they made, each of which opens somebody else's account. And the link
    of somebody who becomes an owner may be held by an admin, who may not invite owners.
    """
    ended = 0
    if after == "owner" and before != "owner":
        ended += await _end_invitations(session, Invitation.user_id == user_id, now)
    if before in ADMIN_ROLES and after not in ADMIN_ROLES:
        ended += await _end_invitations(session, Invitation.invited_by == user_id, now)
    elif before == "owner" and after != "owner":
        owners = select(User.id).where(User.role == "owner")
        made = (Invitation.invited_by == user_id) & Invitation.user_id.in_(owners)
        ended += await _end_invitations(session, made, now)
    return ended


async def end_links_of(session: AsyncSession, user_id: UUID, *, now: datetime) -> int:
    """End the person's open invitation and unused sign-in links; return how many there were."""
    unused = delete(SigninLink).where(
        SigninLink.user_id == user_id, SigninLink.used_at.is_(None), SigninLink.expires_at > now
    )
    links = len((await session.scalars(unused.returning(SigninLink.token_hash))).all())
    return links + await _end_invitations(session, Invitation.user_id == user_id, now)


async def _end_sessions(
    session: AsyncSession, user_id: UUID, which: ColumnElement[bool], now: datetime
) -> tuple[int, int]:
    """End sessions and links; return how many of each. A session that is over was ended by nobody and made nothing."""
    gone = delete(Session).where(Session.user_id == user_id, which)
    rows = (await session.execute(gone.returning(Session.created_at, Session.last_used_at))).all()
    return len(rows), await end_links_of(session, user_id, now=now) + await _end_made_in(session, user_id, rows, now)


async def _end_made_in(
    session: AsyncSession, user_id: UUID, sessions: Sequence[tuple[datetime, datetime]], now: datetime
) -> int:
    """End the open invitations of others that these sessions could have made: those of the time they were used in."""
    if not sessions:
        return 0
    used = [
        Invitation.created_at.between(created_at, last_used_at + USE_NOTED_EVERY)
        for created_at, last_used_at in sessions
    ]
    return await _end_invitations(session, and_(Invitation.invited_by == user_id, or_(*used)), now)


async def _end_invitations(session: AsyncSession, which: ColumnElement[bool], now: datetime) -> int:
    is_open = (Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now)
    ended = update(Invitation).where(which, *is_open).values(revoked_at=now).returning(Invitation.id)
    return len((await session.scalars(ended)).all())


async def _end_secret_keys(session: AsyncSession, user_id: UUID, now: datetime) -> int:
    is_open = (ApiKey.user_id == user_id) & ApiKey.revoked_at.is_(None)
    keys = (await session.execute(select(ApiKey.id, ApiKey.scopes).where(is_open))).all()
    secret = [key_id for key_id, scopes in keys if "widget" not in scopes]
    await session.execute(update(ApiKey).where(ApiKey.id.in_(secret)).values(revoked_at=now))
    return len(secret)
