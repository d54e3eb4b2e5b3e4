"""Setting or changing the password of somebody who is signed in."""

from sqlalchemy import update

from app.audit.service import Actor, record
from app.errors import BadInputError, ConflictError
from app.identity.caller import Caller, renew_session
from app.identity.endings import end_for_new_password, hold_session
from app.identity.models import User
from app.identity.passwords import check_new_password, hash_password, verify_password
from app.identity.throttle import SigninThrottle
from app.identity.visit import Visit
from app.store.database import Database


async def change_password(
    database: Database,
    throttle: SigninThrottle,
    caller: Caller,
    *,
    current: str | None,
    new: str,
    keep_keys: bool,
    visit: Visit,
) -> str:
    """Set a password; end the caller's other sessions, open links, and keys unless they are kept.

    Return the new cookie of the present session: a copy of the old one, should anybody have it, ends too.

    Raises `BadInputError` naming `current` if the caller has a password and it is not this one, and naming `new` if the
    new one is too short; `ConflictError` if the password was changed meanwhile.
    """
    check_new_password(new)
    user, keep = caller.user, caller.browser_session.id_hash
    attempt = None
    if user.password_hash is not None:
        attempt = await throttle.begin(account=str(user.id), now=visit.now)
        if not await verify_password(user.password_hash, current or ""):
            raise BadInputError("current: this is not your present password.", field="current")
    hashed = await hash_password(new)
    async with database.session() as session:
        await hold_session(session, caller, now=visit.now)
        if attempt is not None:
            await throttle.succeeded(session, attempt, now=visit.now)
        unchanged = (
            User.password_hash.is_(None) if user.password_hash is None else User.password_hash == user.password_hash
        )
        changed = await session.scalar(
            update(User).where(User.id == user.id, unchanged).values(password_hash=hashed).returning(User.id)
        )
        if changed is None:
            raise ConflictError("The password was changed meanwhile; sign in again with the new one.")
        ended = await end_for_new_password(session, user.id, now=visit.now, keep_session=keep, keep_keys=keep_keys)
        cookie = await renew_session(session, keep)
        record(
            session,
            organisation_id=user.organisation_id,
            actor=Actor.of(caller),
            at=visit.now,
            action="password_changed" if user.password_hash is not None else "password_set",
            subject=user.email,
            subject_id=user.id,
            after=ended.noted(),
        )
    return cookie
