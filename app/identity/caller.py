"""Who is asking: the session or API key of a request, turned into a person, an organisation and its settings."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import ForbiddenError
from app.identity.models import ApiKey, Organisation, Session, User
from app.identity.secrets import digest, new_secret
from app.identity.service import usable_key
from app.store.base import utc_now
from app.tracking.models import OrganisationSettings
from app.tracking.zone_data import zone as zone_of

USE_NOTED_EVERY = timedelta(minutes=5)
"""How stale `last_used_at` may be: noting each use would make every read a write."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A known caller. Every query is scoped by `organisation.id`; nothing else says whose data may be read."""

    user: User
    organisation: Organisation
    settings: OrganisationSettings
    scopes: frozenset[str]
    csrf_token: str | None
    """The session's token; None for an API key, which no browser sends by itself."""
    credential: Session | ApiKey

    @property
    def zone(self) -> ZoneInfo:
        """The user's own time zone."""
        return zone_of(self.user.time_zone)

    @property
    def browser_session(self) -> Session:
        """The session behind the request; raises `ForbiddenError` for an API key."""
        if not isinstance(self.credential, Session):
            raise ForbiddenError("This needs a signed-in browser, not an API key.")
        return self.credential

    def is_use_stale(self, now: datetime) -> bool:
        """Tell whether this use is worth noting."""
        last = self.credential.last_used_at
        return last is None or now - last > USE_NOTED_EVERY


async def start_session(
    session: AsyncSession, user: User, *, days: int, user_agent: str, now: datetime | None = None
) -> str:
    """Sign a user in and return the cookie's value; only its hash is stored."""
    secret, now = new_secret(), now or utc_now()
    session.add(
        Session(
            id_hash=digest(secret),
            user_id=user.id,
            csrf_token=new_secret(),
            created_at=now,
            last_used_at=now,
            expires_at=now + timedelta(days=days),
            user_agent=user_agent[:256],
        )
    )
    await session.execute(update(User).where(User.id == user.id).values(last_seen_at=now))
    await session.flush()
    return secret


async def renew_session(session: AsyncSession, id_hash: str) -> str:
    """Give a session another cookie and return its value; the session stays the same, also its CSRF token."""
    secret = new_secret()
    await session.execute(update(Session).where(Session.id_hash == id_hash).values(id_hash=digest(secret)))
    return secret


_OF_SESSION = (
    select(Session, User, Organisation, OrganisationSettings)
    .join(User, User.id == Session.user_id)
    .join(Organisation, Organisation.id == User.organisation_id)
    .join(OrganisationSettings, OrganisationSettings.organisation_id == Organisation.id)
    .where(
        Session.id_hash == bindparam("secret_hash"),
        Session.expires_at > bindparam("now"),
        User.is_active.is_(True),
    )
)
_OF_API_KEY = (
    select(ApiKey, User, Organisation, OrganisationSettings)
    .join(User, and_(User.id == ApiKey.user_id, User.organisation_id == ApiKey.organisation_id))
    .join(Organisation, Organisation.id == User.organisation_id)
    .join(OrganisationSettings, OrganisationSettings.organisation_id == Organisation.id)
    .where(usable_key(hash_=bindparam("secret_hash"), now=bindparam("now")))
)
# made once: building a statement costs more than SQLite takes to answer it, and every request asks one of these


async def caller_of_session(session: AsyncSession, cookie: str, *, now: datetime) -> Caller | None:
    """Return the caller behind a session cookie, or None if it is unknown, expired or its user inactive."""
    row = (await session.execute(_OF_SESSION, {"secret_hash": digest(cookie), "now": now})).one_or_none()
    if row is None:
        return None
    signed_in, user, organisation, settings = row
    return Caller(user, organisation, settings, frozenset({"read", "write"}), signed_in.csrf_token, signed_in)


async def caller_of_api_key(session: AsyncSession, key: str, *, now: datetime) -> Caller | None:
    """Return the caller behind an API key, or None if the key may not be used."""
    row = (await session.execute(_OF_API_KEY, {"secret_hash": digest(key), "now": now})).one_or_none()
    if row is None:
        return None
    api_key, user, organisation, settings = row
    return Caller(user, organisation, settings, frozenset(api_key.scopes), None, api_key)


async def note_use(session: AsyncSession, caller: Caller, *, now: datetime, session_days: int) -> None:
    """Write down that the credential was used; a session then lives `session_days` from now.

    One that has ended since the request was let in stays ended: nothing is written but the use.
    """
    credential = caller.credential
    if isinstance(credential, ApiKey):
        await session.execute(update(ApiKey).where(ApiKey.id == credential.id).values(last_used_at=now))
        return
    # the person first, as everybody does who changes both: see `endings`
    await session.execute(update(User).where(User.id == caller.user.id).values(last_seen_at=now))
    lives = {"last_used_at": now, "expires_at": now + timedelta(days=session_days)}
    await session.execute(update(Session).where(Session.id_hash == credential.id_hash).values(lives))
