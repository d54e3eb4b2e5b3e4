"""Organisations, people and the credentials made for them, in the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import BadInputError, ConflictError
from app.identity.email_addresses import canonical_email
from app.identity.models import ApiKey, Organisation, SigninLink, User
from app.identity.roles import Role, Scope, checked_scopes
from app.identity.secrets import SHOWN_PREFIX_LENGTH, digest, new_api_key, new_secret
from app.people.texts import clean_text
from app.store.base import utc_now
from app.tracking.calendar import checked_time_zone
from app.tracking.models import OrganisationSettings, UserToken

SIGNIN_LINK_MINUTES = 60


async def bootstrap_organisation(
    session: AsyncSession, *, name: str, owner_email: str, owner_name: str, time_zone: str
) -> Organisation:
    """Make sure an organisation of this name exists with its settings, its owner and the owner's token.

    Idempotent: what exists stays as it is, what is missing is added.
    """
    organisation = await session.scalar(
        select(Organisation).where(Organisation.name == name).order_by(Organisation.created_at).limit(1)
    )
    if organisation is None:
        organisation = Organisation(name=name, time_zone=checked_time_zone(time_zone))
        session.add(organisation)
        await session.flush()
    if await session.get(OrganisationSettings, organisation.id) is None:
        session.add(OrganisationSettings(organisation_id=organisation.id))
    owner = await find_user(session, organisation_id=organisation.id, email=owner_email)
    if owner is None:
        await create_user(session, organisation_id=organisation.id, email=owner_email, name=owner_name, role="owner")
    else:
        await ensure_token(session, owner)
    await session.flush()
    return organisation


async def create_user(
    session: AsyncSession,
    *,
    organisation_id: UUID,
    email: str,
    name: str,
    role: Role = "member",
    job_title: str = "",
    phone: str = "",
    department: str | None = None,
    time_zone: str | None = None,
    locale: str | None = None,
) -> User:
    """Add a person and their token; time zone and locale default to the organisation's.

    Raises `ConflictError` if the organisation has a user with this address already, and `BadInputError` for a name with
    control characters.
    """
    try:
        name = clean_text(name)
    except ValueError as error:
        raise BadInputError(f"name: {error}.", field="name") from error
    organisation = await session.get(Organisation, organisation_id)
    if organisation is None:
        raise BadInputError(f"There is no organisation {organisation_id}.", field="organisationId")
    if await find_user(session, organisation_id=organisation_id, email=email) is not None:
        raise ConflictError(f"{organisation.name} has a user with this e-mail address already.", field="email")
    user = User(
        organisation_id=organisation_id,
        email=canonical_email(email),
        name=name,
        role=role,
        job_title=job_title,
        phone=phone,
        department=department,
        time_zone=checked_time_zone(time_zone or organisation.time_zone),
        locale=locale or organisation.locale,
    )
    session.add(user)
    await session.flush()
    await ensure_token(session, user)
    return user


async def ensure_token(session: AsyncSession, user: User) -> UserToken:
    """Return the user's active token, made now if there is none."""
    token = await session.scalar(select(UserToken).where(UserToken.user_id == user.id, UserToken.is_active.is_(True)))
    if token is None:
        token = UserToken(organisation_id=user.organisation_id, user_id=user.id)
        session.add(token)
        await session.flush()
    return token


async def find_user(session: AsyncSession, *, organisation_id: UUID, email: str) -> User | None:
    """Return the organisation's user with this address, active or not."""
    found: User | None = await session.scalar(
        select(User).where(User.organisation_id == organisation_id, User.email == canonical_email(email))
    )
    return found


async def create_signin_link(
    session: AsyncSession, user: User, *, minutes: int = SIGNIN_LINK_MINUTES, now: datetime | None = None
) -> str:
    """Return a one-time token for `{PUBLIC_URL}/signin/{token}`; only its hash is stored."""
    token = new_secret()
    now = now or utc_now()
    session.add(
        SigninLink(
            token_hash=digest(token),
            user_id=user.id,
            created_at=now,
            expires_at=now + timedelta(minutes=minutes),
        )
    )
    await session.flush()
    return token


async def create_api_key(
    session: AsyncSession,
    user: User,
    name: str,
    scopes: Sequence[Scope] = ("read",),
    expires_at: datetime | None = None,
    *,
    allowed_origins: Sequence[str] = (),
) -> str:
    """Return a new key that acts as `user` within `scopes`; only its hash is stored, so it is seen once."""
    key, row = new_key_of(user, name, scopes, expires_at, allowed_origins)
    session.add(row)
    await session.flush()
    return key


def new_key_of(
    user: User, name: str, scopes: Sequence[str], expires_at: datetime | None, allowed_origins: Sequence[str]
) -> tuple[str, ApiKey]:
    """Return a fresh key and the row to be stored for it. Raises `BadInputError` for scopes that are not possible."""
    key = new_api_key()
    row = ApiKey(
        organisation_id=user.organisation_id,
        user_id=user.id,
        name=name,
        prefix=key[:SHOWN_PREFIX_LENGTH],
        key_hash=digest(key),
        scopes=checked_scopes(scopes),
        expires_at=expires_at,
        allowed_origins=list(allowed_origins),
    )
    return key, row


def usable_key(*, hash_: str | BindParameter[str], now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition of the key that may be used now: known, not revoked, not expired, its user active."""
    return and_(ApiKey.key_hash == hash_, is_usable(now=now))


def is_usable(*, now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Return the condition of every key that may be used now, joined with its user."""
    return and_(
        ApiKey.revoked_at.is_(None),
        or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > now),
        User.is_active.is_(True),
    )


async def verify_api_key(session: AsyncSession, key: str, *, now: datetime | None = None) -> ApiKey | None:
    """Return the key's row if it may be used now."""
    usable = usable_key(hash_=digest(key), now=now or utc_now())
    row: ApiKey | None = await session.scalar(select(ApiKey).join(User, User.id == ApiKey.user_id).where(usable))
    return row


async def revoke_api_key(session: AsyncSession, *, organisation_id: UUID, key_id: UUID) -> bool:
    """End a key of this organisation; tell whether there was one to end."""
    row = await session.get(ApiKey, key_id)
    if row is None or row.organisation_id != organisation_id or row.revoked_at is not None:
        return False
    row.revoked_at = utc_now()
    await session.flush()
    return True
