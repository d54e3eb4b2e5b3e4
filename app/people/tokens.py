"""The token in a person's signature: how it stands, and bringing a deactivated one back."""

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.models import User
from app.identity.service import ensure_token
from app.people.schemas import TokenView
from app.store.json_rows import moment
from app.tracking.models import UserToken


def token_view(tokens: str) -> TokenView:
    """Return how a person's token stands, from the `tokens` of `statements`: of all they ever had."""
    since_active, ends, rotated = None, [], 0
    for is_active, created_at, deactivated_at, ended_because in orjson.loads(tokens):
        if is_active:
            since_active = moment(created_at)
        else:
            rotated += ended_because == "rotated"
        if deactivated_at is not None:
            ends.append(moment(deactivated_at))
    if since_active is not None:
        return TokenView(state="active", since=since_active, rotated=rotated)
    return TokenView(state="deactivated", since=max(ends, default=None), rotated=rotated)


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
