"""The signed-in browsers of a person: listing them in words, and ending them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from user_agents import parse as parse_user_agent

from app.audit.service import Actor, record
from app.errors import NotFoundError
from app.identity.caller import Caller
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


async def end_session(session: AsyncSession, caller: Caller, session_id: UUID) -> None:
    """End one of the caller's sessions. Raises `NotFoundError` if it is none of theirs."""
    ended = delete(Session).where(Session.user_id == caller.user.id, Session.id == session_id).returning(Session.id)
    if await session.scalar(ended) is None:
        raise NotFoundError("You have no such session; it may have ended already.")


async def end_other_sessions(session: AsyncSession, caller: Caller) -> int:
    """End all of the caller's sessions but the present one; return how many there were."""
    others = delete(Session).where(Session.user_id == caller.user.id, Session.id != caller.credential.id)
    return len((await session.scalars(others.returning(Session.id))).all())


async def end_all_sessions(session: AsyncSession, user: User, *, actor: Actor, now: datetime) -> int:
    """End every session of a person, as an administrator may; return how many there were. Noted in the audit log."""
    ended = (await session.scalars(delete(Session).where(Session.user_id == user.id).returning(Session.id))).all()
    record(
        session,
        organisation_id=user.organisation_id,
        actor=actor,
        at=now,
        action="sessions_ended",
        subject=user.email,
        subject_id=user.id,
        after={"sessionsEnded": len(ended)},
    )
    return len(ended)


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
