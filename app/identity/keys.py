"""API keys of people: listing, making and revoking them, each change noted in the audit log."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, String, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import Actor, record
from app.errors import BadInputError, ConflictError, NotFoundError
from app.identity.endings import end_key
from app.identity.invitations import invited_person
from app.identity.models import ApiKey, User
from app.identity.origins import checked_origins
from app.identity.schemas import KeyOwner, KeyView, NewKey
from app.identity.service import new_key_of

UNKNOWN = "There is no such key; it may have been revoked already."
MOST_KEYS = 50
"""Open keys of one person: more is a program that makes keys instead of keeping one."""


async def keys_of(session: AsyncSession, user: User) -> list[KeyView]:
    """Return the person's own keys that are not revoked, the newest first."""
    found = await session.execute(_listed().where(ApiKey.user_id == user.id))
    return [_view(key, owner) for key, owner in found.all()]


async def keys_of_organisation(session: AsyncSession, organisation_id: UUID) -> list[KeyView]:
    """Return everybody's keys that are not revoked, the newest first."""
    found = await session.execute(_listed().where(ApiKey.organisation_id == organisation_id))
    return [_view(key, owner) for key, owner in found.all()]


async def make_key(
    session: AsyncSession, user: User, wanted: NewKey, *, actor: Actor, now: datetime
) -> tuple[str, KeyView]:
    """Return a new key, seen this once, and how it is listed.

    Raises `BadInputError` naming what does not fit, `ConflictError` above `MOST_KEYS`.
    """
    origins = checked_origins(wanted.allowed_origins)
    if ("widget" in wanted.scopes) != bool(origins):
        raise BadInputError(
            "allowedOrigins: name the sites that show the widget; only a widget key has them.", field="allowedOrigins"
        )
    if wanted.expires_at is not None and (wanted.expires_at.tzinfo is None or wanted.expires_at <= now):
        raise BadInputError("expiresAt: a moment in the future, with its zone, or null.", field="expiresAt")
    is_open = (ApiKey.user_id == user.id) & ApiKey.revoked_at.is_(None)
    if (await session.scalar(select(func.count()).select_from(ApiKey).where(is_open)) or 0) >= MOST_KEYS:
        raise ConflictError(f"You have {MOST_KEYS} keys; revoke those nobody uses any more.")
    key, row = new_key_of(user, wanted.name, wanted.scopes, wanted.expires_at, origins)
    row.created_at = now
    session.add(row)
    await session.flush()
    said = {"prefix": row.prefix, "scopes": row.scopes, "allowedOrigins": origins}
    expires = wanted.expires_at.isoformat() if wanted.expires_at is not None else None
    _note(session, row, "api_key_created", actor=actor, now=now, after=said | {"expiresAt": expires})
    return key, _view(row, user)


async def revoke_key(
    session: AsyncSession, key_id: UUID, *, user: User, actor: Actor, now: datetime, is_own: bool = True
) -> UUID:
    """End a key of this person, or of anybody they administer; return whose it was. See `endings` for what else ends.

    Raises `NotFoundError` if there is no such key, or it is revoked already; `ForbiddenError` for an owner's key if
    the person is no owner.
    """
    row = await session.get(ApiKey, key_id)
    if row is None or row.organisation_id != user.organisation_id or (is_own and row.user_id != user.id):
        raise NotFoundError(UNKNOWN)
    if not is_own:
        await invited_person(session, row.organisation_id, row.user_id, by=user.role)
    if not (await end_key(session, row, now=now)).keys:
        raise NotFoundError(UNKNOWN)
    _note(session, row, "api_key_revoked", actor=actor, now=now, before={"prefix": row.prefix, "scopes": row.scopes})
    return row.user_id


async def is_origin_of_a_key(session: AsyncSession, origin: str, *, now: datetime) -> bool:
    """Tell whether a key that works now names this origin: what a preflight, which carries no key, asks."""
    statement = select(ApiKey.allowed_origins).where(
        ApiKey.revoked_at.is_(None),
        or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now),
        cast(ApiKey.allowed_origins, String).contains(origin, autoescape=True),
    )
    return any(origin in origins for origins in await session.scalars(statement))


def _listed() -> Select[ApiKey, User]:
    return (
        select(ApiKey, User)
        .join(User, User.id == ApiKey.user_id)
        .where(ApiKey.revoked_at.is_(None))
        .order_by(ApiKey.created_at.desc(), ApiKey.id)
    )


def _view(key: ApiKey, owner: User) -> KeyView:
    values = {name: getattr(key, name) for name in KeyView.model_fields if name != "owner"}
    return KeyView.model_validate(values | {"owner": KeyOwner(id=owner.id, name=owner.name)})


def _note(
    session: AsyncSession,
    row: ApiKey,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    before: dict[str, str | Sequence[str]] | None = None,
    after: dict[str, str | Sequence[str] | None] | None = None,
) -> None:
    record(
        session,
        organisation_id=row.organisation_id,
        actor=actor,
        at=now,
        action=action,
        subject=row.name,
        subject_id=row.id,
        before=before,
        after=after,
    )
