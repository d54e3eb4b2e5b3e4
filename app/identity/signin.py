"""Signing in by one-time link or by password, and signing out."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import BadInputError, ConflictError, NotSignedInError
from app.identity.caller import start_session
from app.identity.models import Session, SigninLink, User
from app.identity.passwords import check_new_password, hash_password, needs_rehash, verify_password
from app.identity.secrets import digest
from app.identity.service import normalised_email
from app.identity.throttle import SigninThrottle
from app.store.database import Database

BAD_LINK = "This sign-in link was used already, has expired or is not complete; ask for a new one."
NO_FIT = "E-mail address and password do not fit together."


async def sign_in_by_link(database: Database, token: str, *, days: int, user_agent: str, now: datetime) -> str:
    """Consume a one-time link and return the new session's cookie; of two that try at once, one wins.

    Raises `NotSignedInError` if the link is unknown, used or expired.
    """
    async with database.session() as session:
        used = (
            update(SigninLink)
            .where(
                SigninLink.token_hash == digest(token),
                SigninLink.used_at.is_(None),
                SigninLink.expires_at > now,
                SigninLink.user_id.in_(select(User.id).where(User.is_active.is_(True))),
            )
            .values(used_at=now)
            .returning(SigninLink.user_id)
        )
        user_id = await session.scalar(used)
        if user_id is None:
            raise NotSignedInError(BAD_LINK)
        await _forget_expired(session, now)
        user = await session.get_one(User, user_id)
        return await start_session(session, user, days=days, user_agent=user_agent, now=now)


async def sign_in_by_password(
    database: Database,
    throttle: SigninThrottle,
    *,
    email: str,
    password: str,
    address: str,
    days: int,
    user_agent: str,
    now: datetime,
) -> str:
    """Check a password and return the new session's cookie.

    An address may belong to people of several organisations: the password decides who is meant.
    Raises `NotSignedInError` (the same for an unknown account, after the same work) or `TooManyRequestsError`.
    """
    account = normalised_email(email)
    throttle.begin(address=address, account=account)
    user, is_weak = await _user_with_password(database, account, password)
    if user is None:
        raise NotSignedInError(NO_FIT)
    throttle.succeeded(address=address, account=account)
    renewed = await hash_password(password) if is_weak else None
    async with database.session() as session:
        if renewed is not None:
            await session.execute(update(User).where(User.id == user.id).values(password_hash=renewed))
        await _forget_expired(session, now)
        return await start_session(session, user, days=days, user_agent=user_agent, now=now)


async def _user_with_password(database: Database, account: str, password: str) -> tuple[User | None, bool]:
    """Return the user the password fits, and whether their hash is weaker than today's."""
    async with database.reading() as session:
        statement = select(User).where(User.email == account, User.is_active.is_(True)).order_by(User.created_at)
        users = (await session.scalars(statement)).all()
    if not users:
        await verify_password(None, password)  # the same work as for an account that exists
    fitting = [user for user in users if await verify_password(user.password_hash, password)]
    if not fitting or fitting[0].password_hash is None:
        return None, False
    return fitting[0], needs_rehash(fitting[0].password_hash)


async def sign_out(database: Database, id_hash: str) -> None:
    """End one session."""
    async with database.session() as session:
        await session.execute(delete(Session).where(Session.id_hash == id_hash))


async def change_password(
    database: Database, throttle: SigninThrottle, user: User, *, current: str | None, new: str, keep: str
) -> None:
    """Set a password and end every session of the user but `keep`.

    Raises `BadInputError` naming `current` if the user has a password and it is not this one, and naming `new` if the
    new one is too short; `ConflictError` if the password was changed meanwhile.
    """
    check_new_password(new)
    if user.password_hash is not None:
        throttle.begin(address="signed in", account=str(user.id))
        if not await verify_password(user.password_hash, current or ""):
            raise BadInputError("current: this is not your present password.", field="current")
        throttle.succeeded(address="signed in", account=str(user.id))
    hashed = await hash_password(new)
    async with database.session() as session:
        unchanged = (
            User.password_hash.is_(None) if user.password_hash is None else User.password_hash == user.password_hash
        )
        changed = await session.scalar(
            update(User).where(User.id == user.id, unchanged).values(password_hash=hashed).returning(User.id)
        )
        if changed is None:
            raise ConflictError("The password was changed meanwhile; sign in again with the new one.")
        await session.execute(delete(Session).where(Session.user_id == user.id, Session.id_hash != keep))


async def _forget_expired(session: AsyncSession, now: datetime) -> None:
    """Delete what can never be used again, so that neither table grows for ever."""
    await session.execute(delete(Session).where(Session.expires_at <= now))
    await session.execute(delete(SigninLink).where(SigninLink.expires_at <= now))
