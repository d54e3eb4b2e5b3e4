"""The signed-in browsers of a person: listing them in words, and ending them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from user_agents import parse as parse_user_agent

from app.audit.service import Actor, record
from app.errors import NotFoundError
from app.identity.caller import Caller
from app.identity.endings import Ended
from app.identity.endings import end_sessions as end_with_links
from app.identity.models import Session, User
from app.identity.schemas import SessionView


async def sessions_of(session: AsyncSession, caller: Caller, *, now: datetime) -> list[SessionView]:
    """Return the caller's open sessions, the one used last first; the present one is marked."""
    present = caller.credential.id
    statement = (
        select(Session)
        .where(Session.user_id == caller.user.id, Session.expires_at > now)
        .order_by(Session.last_used_at.desc(), Session.id)
    )
    return [
        SessionView(
            id=row.id,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            browser=browser_of(row.user_agent),
            system=system_of(row.user_agent),
            is_current=row.id == present,
        )
        for row in await session.scalars(statement)
    ]


async def end_session(session: AsyncSession, caller: Caller, session_id: UUID, *, now: datetime) -> Ended:
    """End one of the caller's sessions, with the open links it could have made.

    Raises `NotFoundError` if it is none of theirs.
    """
    ended = await _end(session, caller.user, Session.id == session_id, actor=Actor.of(caller), now=now)
    if not ended.sessions:
        raise NotFoundError("You have no such session; it may have ended already.")
    return ended


async def end_other_sessions(session: AsyncSession, caller: Caller, *, now: datetime) -> Ended:
    """End all of the caller's sessions but the present one, with the open links they could have made."""
    return await _end(session, caller.user, Session.id != caller.credential.id, actor=Actor.of(caller), now=now)


async def end_all_sessions(session: AsyncSession, user: User, *, actor: Actor, now: datetime) -> Ended:
    """End every session of a person, as an administrator may, with the open links they could have made."""
    return await _end(session, user, Session.user_id == user.id, actor=actor, now=now)


async def _end(session: AsyncSession, user: User, which: ColumnElement[bool], *, actor: Actor, now: datetime) -> Ended:
    ended = await end_with_links(session, user.id, which, now=now)
    record(
        session,
        organisation_id=user.organisation_id,
        actor=actor,
        at=now,
        action="sessions_ended",
        subject=user.email,
        subject_id=user.id,
        after={name: count for name, count in ended.noted().items() if name != "keysRevoked"},
    )
    return ended


def browser_of(user_agent: str) -> str | None:
    """Return the browser's name and main version (`Firefox 128`), None if the text names none."""
    found = parse_user_agent(user_agent).browser
    return None if found.family == "Other" else _with_version(found.family, found.version[:1])


def system_of(user_agent: str) -> str | None:
    """Return the operating system (`Windows 10`, `Mac OS X`), None if the text names none."""
    found = parse_user_agent(user_agent).os
    if found.family == "Other":
        return None
    is_frozen = found.family == "Mac OS X"  # browsers have said 10.15 ever since, whatever runs
    return found.family if is_frozen else _with_version(found.family, found.version[:1])


def _with_version(family: str, version: tuple[int | str, ...]) -> str:
    return " ".join([family, *(str(part) for part in version)])
