"""Signing in by one-time link, by invitation or by password, and signing out."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotSignedInError
from app.identity import invitations
from app.identity.caller import start_session
from app.identity.email_addresses import canonical_email
from app.identity.endings import end_for_new_password, lock_person
from app.identity.models import Session, SigninLink, User
from app.identity.passwords import check_new_password, hash_password, needs_rehash, verify_password
from app.identity.secrets import digest
from app.identity.throttle import SigninThrottle
from app.identity.visit import Visit
from app.store.database import Database

BAD_LINK = "This sign-in link was used already, has expired or is not complete; ask for a new one."
NO_FIT = "E-mail address and password do not fit together."


async def let_in(session: AsyncSession, user: User, visit: Visit) -> str:
    """Start a session, fresh in any case, and return its cookie; the one this browser came with ends.

    In the same transaction goes what can never be used again, so that no table grows for ever.
    """
    if visit.session_before is not None:
        await session.execute(delete(Session).where(Session.id_hash == digest(visit.session_before)))
    await session.execute(delete(Session).where(Session.expires_at <= visit.now))
    await session.execute(delete(SigninLink).where(SigninLink.expires_at <= visit.now))
    await invitations.forget_expired(session, now=visit.now)
    return await start_session(session, user, days=visit.session_days, user_agent=visit.user_agent, now=visit.now)


async def sign_in_by_link(database: Database, token: str, visit: Visit) -> str:
    """Consume a one-time link and return the new session's cookie; of two that try at once, one wins.

    Raises `NotSignedInError` if the link is unknown, used or expired.
    """
    async with database.session() as session:
        whose = await session.scalar(select(SigninLink.user_id).where(SigninLink.token_hash == digest(token)))
        if whose is None:
            raise NotSignedInError(BAD_LINK)
        await lock_person(session, whose)  # first, as everybody does who ends links: see `endings`
        used = (
            update(SigninLink)
            .where(
                SigninLink.token_hash == digest(token),
                SigninLink.used_at.is_(None),
                SigninLink.expires_at > visit.now,
                SigninLink.user_id.in_(select(User.id).where(User.is_active.is_(True))),
            )
            .values(used_at=visit.now)
            .returning(SigninLink.user_id)
        )
        user_id = await session.scalar(used)
        if user_id is None:
            raise NotSignedInError(BAD_LINK)
        return await let_in(session, await session.get_one(User, user_id), visit)


async def sign_in_by_invitation(database: Database, token: str, password: str | None, visit: Visit) -> str:
    """Use an invitation up, set the password if there is one, and return the new session's cookie.

    A password set this way ends the person's sessions, keys and other links. Raises `NotFoundError` if the invitation
    is not open, and `BadInputError` naming `password` if it is too short or too long; the invitation then stays open.
    """
    if password is not None:
        check_new_password(password, field="password")
    async with database.reading() as session:
        await invitations.look(session, token, now=visit.now)  # before the work of hashing
    hashed = await hash_password(password) if password is not None else None
    async with database.session() as session:
        user = await invitations.accept(session, token, now=visit.now, sets_password=hashed is not None)
        if hashed is not None:
            user.password_hash = hashed
            await end_for_new_password(session, user.id, now=visit.now)
        return await let_in(session, user, visit)


async def sign_in_by_password(
    database: Database, throttle: SigninThrottle, *, email: str, password: str, visit: Visit
) -> str:
    """Check a password and return the new session's cookie.

    An address may belong to people of several organisations: the password decides who is meant.
    Raises `NotSignedInError` (the same for an unknown account, after the same work) or `TooManyRequestsError`.
    """
    account = canonical_email(email)
    people = await _people_of(database, account)
    begun = await throttle.begin_each(list(people), address=visit.address, browser=visit.browser, now=visit.now)
    user = None
    for key, person in people.items():
        stored = person.password_hash if person is not None and key in begun.attempts else None
        if await verify_password(stored, password) and user is None:
            user, attempt = person, begun.attempts[key]
    if user is None or user.password_hash is None:
        raise begun.too_many() if begun.refused else NotSignedInError(NO_FIT)
    renewed = await hash_password(password) if needs_rehash(user.password_hash) else None
    async with database.session() as session:
        await _still_fits(session, user)
        await throttle.succeeded(session, attempt, now=visit.now)
        if renewed is not None:
            await session.execute(update(User).where(User.id == user.id).values(password_hash=renewed))
        return await let_in(session, user, visit)


async def _still_fits(session: AsyncSession, user: User) -> None:
    """Hold the person; raise `NotSignedInError` if the password that was checked is no longer theirs.

    Checking takes a while, and whoever set a new one in it has ended what the old one opens.
    """
    await lock_person(session, user.id)
    stored = await session.scalar(select(User.password_hash).where(User.id == user.id, User.is_active.is_(True)))
    if stored != user.password_hash:
        raise NotSignedInError(NO_FIT)


async def _people_of(database: Database, account: str) -> dict[str, User | None]:
    """Return the active people with this address, the oldest first, by what the throttle counts them as.

    Made up to as many as any address here belongs to, with nobody: time and counters tell nothing about an address.
    """
    async with database.reading() as session:
        statement = select(User).where(User.email == account, User.is_active.is_(True)).order_by(User.created_at)
        users = (await session.scalars(statement)).all()
        each = select(func.count(User.id).label("people")).group_by(User.email).subquery()
        most = await session.scalar(select(func.max(each.c.people))) or 1
    people: dict[str, User | None] = {str(user.id): user for user in users}
    return people | {f"{account}\0{number}": None for number in range(len(users), most)}


async def sign_out(database: Database, id_hash: str) -> None:
    """End one session."""
    async with database.session() as session:
        await session.execute(delete(Session).where(Session.id_hash == id_hash))
