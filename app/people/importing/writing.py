"""Reading who is there, and writing what was planned, with bulk statements inside the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic.alias_generators import to_camel
from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.models import AuditEntry
from app.audit.service import Actor
from app.identity.endings import end_for_new_role
from app.identity.models import User
from app.people.importing.plan import COLUMNS, Existing, Planned
from app.tracking.models import UserToken, new_token

ADDED, CHANGED = "person_added_by_import", "person_changed_by_import"
_USERS: Table = User.__table__  # type: ignore[assignment]
_TOKENS: Table = UserToken.__table__  # type: ignore[assignment]
_AUDIT: Table = AuditEntry.__table__  # type: ignore[assignment]


async def existing_people(session: AsyncSession, organisation_id: UUID, emails: Sequence[str]) -> dict[str, Existing]:
    """Return those of these addresses that are in the organisation."""
    columns = [_USERS.c[name] for name in COLUMNS]
    statement = select(_USERS.c.id, _USERS.c.email, _USERS.c.is_active, *columns).where(
        _USERS.c.organisation_id == organisation_id, _USERS.c.email.in_(emails)
    )
    rows = await session.execute(statement)
    return {
        email: Existing(id_, is_active, dict(zip(COLUMNS, values, strict=True)))
        for id_, email, is_active, *values in rows
    }


async def active_owners(session: AsyncSession, organisation_id: UUID) -> int:
    """Count the active owners."""
    statement = select(func.count()).where(
        _USERS.c.organisation_id == organisation_id, _USERS.c.role == "owner", _USERS.c.is_active.is_(True)
    )
    return await session.scalar(statement) or 0


async def write(
    session: AsyncSession, organisation_id: UUID, people: Sequence[Planned], *, actor: Actor, now: datetime
) -> None:
    """Add and change these people, each with token and audit entry."""
    entries: list[dict[str, Any]] = []

    def note(action: str, id_: UUID, person: Planned, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
        entries.append(
            {
                "organisation_id": organisation_id,
                "actor_user_id": actor.user_id,
                "actor_key_id": actor.key_id,
                "at": now,
                "action": action,
                "subject": str(person.after["name"])[:200],
                "subject_id": id_,
                "before": before,
                "after": after,
            }
        )

    users, tokens, changes = [], [], []
    for person in people:
        if person.action == "created":
            id_ = uuid4()
            users.append(
                {
                    "id": id_,
                    "organisation_id": organisation_id,
                    "email": person.email,
                    "created_at": now,
                    **person.after,
                }
            )
            tokens.append({"organisation_id": organisation_id, "user_id": id_, "token": new_token(), "created_at": now})
            said = {to_camel(name): value for name, value in person.after.items() if value}
            note(ADDED, id_, person, None, {"email": person.email, **said})
        elif person.action == "updated" and person.existing is not None:
            there = person.existing
            changes.append({"the_id": there.id, **{f"new_{name}": person.after[name] for name in COLUMNS}})
            before = {to_camel(name): there.values[name] for name in person.changed}
            note(CHANGED, there.id, person, before, {to_camel(name): person.after[name] for name in person.changed})
    connection = await session.connection()
    for table, rows in ((_USERS, users), (_TOKENS, tokens), (_AUDIT, entries)):
        if rows:
            await connection.execute(insert(table), rows)
    if changes:
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in COLUMNS}
        await connection.execute(update(_USERS).where(_USERS.c.id == bindparam("the_id")).values(values), changes)
    for person in people:  # after the people themselves: see `app/identity/endings.py` for the order of locks
        if person.existing is not None and "role" in person.changed:
            was, becomes = str(person.existing.values["role"]), str(person.after["role"])
            await end_for_new_role(session, person.existing.id, was, becomes, now=now)
