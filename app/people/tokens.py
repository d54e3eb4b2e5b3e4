"""The token in a person's signature: how it stands, and bringing a deactivated one back."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.models import User
from app.identity.service import ensure_token
from app.people.schemas import TokenView
from app.tracking.models import UserToken


async def token_views(session: AsyncSession, user_ids: Iterable[UUID]) -> dict[UUID, TokenView]:
    """Return how the token of each of these people stands."""
    ids = list(user_ids)
    statement = select(UserToken).where(UserToken.user_id.in_(ids)).order_by(UserToken.created_at, UserToken.id)
    found: dict[UUID, list[UserToken]] = {id_: [] for id_ in ids}
    for token in await session.scalars(statement):
        found[token.user_id].append(token)
    return {id_: _view(tokens) for id_, tokens in found.items()}


async def activate_token(session: AsyncSession, user: User) -> UserToken:
    """Make the person's last deactivated token count again, with every signature it stands in.

    A rotated token never comes back; a person with nothing else gets a new one. What is active stays.
    """
    statement = (
        select(UserToken)
        .where(UserToken.user_id == user.id)
        .order_by(UserToken.is_active.desc(), UserToken.deactivated_at.desc())
        .limit(1)
    )
    token: UserToken | None = await session.scalar(statement)
    if token is not None and not token.is_active and token.ended_because == "deactivated":
        token.is_active, token.deactivated_at, token.ended_because = True, None, None
        await session.flush()
        return token
    return await ensure_token(session, user)


def _view(tokens: list[UserToken]) -> TokenView:
    active = next((token for token in tokens if token.is_active), None)
    rotated = sum(not token.is_active and token.ended_because == "rotated" for token in tokens)
    if active is not None:
        return TokenView(state="active", since=active.created_at, rotated=rotated)
    ends = [token.deactivated_at for token in tokens if token.deactivated_at is not None]
    return TokenView(state="deactivated", since=max(ends, default=None), rotated=rotated)
