"""Writing and reading the audit log. An entry is written in the transaction of the change: both happen or neither."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.kinds import Kind, is_no_detail, is_of_kind
from app.audit.models import AuditEntry
from app.audit.schemas import AuditActor, AuditItem, AuditPage
from app.errors import BadInputError
from app.identity.caller import Caller
from app.identity.models import ApiKey, User

Found = Row[AuditEntry, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a change: a person, a person by an API key, or, with neither, the product itself."""

    user_id: UUID | None = None
    key_id: UUID | None = None

    @classmethod
    def of(cls, caller: Caller) -> Self:
        """Return the caller as an actor."""
        key = caller.credential
        return cls(caller.user.id, key.id if isinstance(key, ApiKey) else None)


SYSTEM = Actor()


def record(
    session: AsyncSession,
    *,
    organisation_id: UUID,
    actor: Actor,
    at: datetime,
    action: str,
    subject: str,
    subject_id: UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Note a change in the caller's transaction. `before` and `after` are JSON, and hold no secret.

    `subject` is what people call the thing; `subject_id`, if it has one, lets the audit page link to it and filter.
    """
    session.add(
        AuditEntry(
            organisation_id=organisation_id,
            actor_user_id=actor.user_id,
            actor_key_id=actor.key_id,
            at=at,
            action=action,
            subject=subject[:200],
            subject_id=subject_id,
            before=dict(before) if before is not None else None,
            after=dict(after) if after is not None else None,
        )
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Which changes; None: all."""

    action: str | None = None
    kind: Kind | None = None
    person: UUID | None = None
    """Who did it, or to whom it was done."""
    from_at: datetime | None = None
    until_at: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what an entry has to be."""
        found: list[ColumnElement[bool]] = []
        if self.action is not None:
            found.append(AuditEntry.action == self.action)
        if self.person is not None:
            found.append((AuditEntry.actor_user_id == self.person) | (AuditEntry.subject_id == self.person))
        if self.from_at is not None:
            found.append(AuditEntry.at >= self.from_at)
        if self.until_at is not None:
            found.append(AuditEntry.at < self.until_at)
        if self.kind is not None:
            found.append(is_of_kind(self.kind))
        elif self.action is None and self.person is None:
            found.append(is_no_detail())
        return found


async def entries(
    session: AsyncSession, organisation_id: UUID, asked: Asked, *, cursor: str | None, limit: int
) -> AuditPage:
    """Return one page of an organisation's changes. Raises `BadInputError` for a cursor that is none."""
    rows = await newest(session, organisation_id, asked, before=_parsed(cursor) if cursor else None, limit=limit + 1)
    page = rows[:limit]
    last = page[-1][0] if len(rows) > limit else None
    return AuditPage(data=[item(row) for row in page], next_cursor=_cursor(last) if last is not None else None)


async def newest(
    session: AsyncSession,
    organisation_id: UUID,
    asked: Asked,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int,
) -> Sequence[Found]:
    """Return entries with the names of person and key, newest first."""
    statement = (
        select(AuditEntry, User.name, ApiKey.name)
        .outerjoin(User, (User.id == AuditEntry.actor_user_id) & (User.organisation_id == organisation_id))
        .outerjoin(ApiKey, (ApiKey.id == AuditEntry.actor_key_id) & (ApiKey.organisation_id == organisation_id))
        .where(AuditEntry.organisation_id == organisation_id, *asked.conditions())
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(tuple_(AuditEntry.at, AuditEntry.id) < before)
    return (await session.execute(statement)).all()


def item(row: Found) -> AuditItem:
    """Shape one row."""
    entry, user_name, key_name = row
    kind = "key" if entry.actor_key_id else "user" if entry.actor_user_id else "system"
    return AuditItem(
        id=entry.id,
        at=entry.at,
        actor=AuditActor.model_validate(
            {"kind": kind, "user_id": entry.actor_user_id, "name": user_name, "key_name": key_name}
        ),
        action=entry.action,
        subject=entry.subject,
        subject_id=entry.subject_id,
        before=entry.before,
        after=entry.after,
    )


def _cursor(entry: AuditEntry) -> str:
    return urlsafe_b64encode(f"{entry.at.isoformat()} {entry.id}".encode()).decode().rstrip("=")


def _parsed(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, _, id_ = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        return moment, UUID(id_)
    except ValueError as error:
        raise BadInputError("cursor: send `nextCursor` of the page before, unchanged.", field="cursor") from error
