"""Who may change whom: pure rules of roles, and the one rule about owners that asks the store."""

from http import HTTPStatus
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import AppError, ForbiddenError
from app.identity.models import User

RANK = {"member": 0, "analyst": 1, "admin": 2, "owner": 3}
"""Roles by what they may do."""


class LastOwnerError(AppError):
    """The organisation would be left without anybody who may do everything."""

    status, code, title = HTTPStatus.CONFLICT, "last_owner", "There has to be an owner"


def check_may_touch(caller: User, person: User) -> None:
    """Raise `ForbiddenError` unless the caller may change this person: owners are changed by owners only."""
    if person.role == "owner" and caller.role != "owner":
        raise ForbiddenError(f"{person.name} is an owner; only an owner may change them. Ask one to do it.")


def check_role(caller: User, person: User | None, role: str) -> None:
    """Raise `ForbiddenError` unless the caller may give this role; `person` is None for somebody new."""
    if person is not None and role == person.role:
        return
    if person is not None and person.id == caller.id and RANK[role] > RANK[person.role]:
        raise ForbiddenError("Nobody raises themselves: ask an owner to change your role.", field="role")
    if role == "owner" and caller.role != "owner":
        raise ForbiddenError("Only an owner makes owners. Choose another role, or ask an owner to do it.", field="role")


async def check_not_last_owner(session: AsyncSession, person: User) -> None:
    """Raise `LastOwnerError` if this person is the only active owner, and would no longer be."""
    if person.role != "owner" or not person.is_active:
        return
    if not await other_owners(session, person.organisation_id, person.id):
        raise LastOwnerError(
            f"{person.name} is the last owner. Make somebody else an owner first.", field="role", userId=str(person.id)
        )


async def other_owners(session: AsyncSession, organisation_id: UUID, user_id: UUID) -> int:
    """Count the other active owners, locking them: two who demote each other at once wait for one another."""
    owners = (
        select(User.id)
        .where(User.organisation_id == organisation_id, User.role == "owner", User.is_active.is_(True))
        .with_for_update()
        .subquery()
    )
    return await session.scalar(select(func.count()).select_from(owners).where(owners.c.id != user_id)) or 0
