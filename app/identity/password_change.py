"""Setting or changing the password of somebody who is signed in."""

from sqlalchemy import delete, update

from app.audit.service import Actor, record
from app.errors import BadInputError, ConflictError
from app.identity.caller import Caller
from app.identity.models import Session, User
from app.identity.passwords import check_new_password, hash_password, verify_password
from app.identity.throttle import SigninThrottle
from app.identity.visit import Visit
from app.store.database import Database


async def change_password(
    database: Database, throttle: SigninThrottle, caller: Caller, *, current: str | None, new: str, visit: Visit
) -> None:
    """Set a password and end every session of the caller but the present one.

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
        others = delete(Session).where(Session.user_id == user.id, Session.id_hash != keep)
        ended = (await session.scalars(others.returning(Session.id))).all()
        record(
            session,
            organisation_id=user.organisation_id,
            actor=Actor.of(caller),
            at=visit.now,
            action="password_changed" if user.password_hash is not None else "password_set",
            subject=user.email,
            subject_id=user.id,
            after={"sessionsEnded": len(ended)},
        )
