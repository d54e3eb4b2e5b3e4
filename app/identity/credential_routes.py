"""`/api/me/sessions` and `/api/me/api-keys`: what opens doors as the person who asks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, status

from app.audit.service import Actor
from app.dependencies import CallerDep, Now, ResourcesDep
from app.identity import keys, sessions
from app.identity.announce import announce_access
from app.identity.endings import hold_session
from app.identity.schemas import KeyList, KeyMade, NewKey, SessionList, SessionsEnded

router = APIRouter(prefix="/me")

SessionId = Annotated[UUID, Path(alias="sessionId", description="As the list names it.")]
KeyId = Annotated[UUID, Path(alias="keyId", description="As the list names it.")]


@router.get("/sessions")
async def my_sessions(caller: CallerDep, resources: ResourcesDep, now: Now) -> SessionList:
    """Return where you are signed in."""
    async with resources.database.reading() as session:
        return SessionList(data=await sessions.sessions_of(session, caller, now=now))


@router.delete("/sessions")
async def end_my_other_sessions(caller: CallerDep, resources: ResourcesDep, now: Now) -> SessionsEnded:
    """End every session of yours but this one, with the open links that they could have made."""
    async with resources.database.session() as session:
        ended = await sessions.end_other_sessions(session, caller, now=now)
    await announce_access(resources.redis, caller.organisation.id, now=now)
    return SessionsEnded(ended=ended.sessions)


@router.delete("/sessions/{sessionId}", status_code=status.HTTP_204_NO_CONTENT)
async def end_my_session(session_id: SessionId, caller: CallerDep, resources: ResourcesDep, now: Now) -> None:
    """End one session of yours, even this one, with the open links it could have made."""
    async with resources.database.session() as session:
        await sessions.end_session(session, caller, session_id, now=now)
    await announce_access(resources.redis, caller.organisation.id, now=now)


@router.get("/api-keys")
async def my_keys(caller: CallerDep, resources: ResourcesDep) -> KeyList:
    """Return your API keys; revoked ones are in the audit log only."""
    async with resources.database.reading() as session:
        return KeyList(data=await keys.keys_of(session, caller.user))


@router.post(
    "/api-keys",
    status_code=status.HTTP_201_CREATED,
    responses={409: {"description": "You have as many keys as one person may have."}},
)
async def make_key(body: NewKey, caller: CallerDep, resources: ResourcesDep, now: Now) -> KeyMade:
    """Make a key that acts as you. Needs a signed-in browser: a key that leaked must not make itself another."""
    async with resources.database.session() as session:
        await hold_session(session, caller, now=now)
        key, view = await keys.make_key(session, caller.user, body, actor=Actor.of(caller), now=now)
    return KeyMade(key=key, view=view)


@router.delete("/api-keys/{keyId}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_my_key(key_id: KeyId, caller: CallerDep, resources: ResourcesDep, now: Now) -> None:
    """Revoke one of your keys; what uses it is refused from now on. With a `write` key your open links end too."""
    async with resources.database.session() as session:
        await keys.revoke_key(session, key_id, user=caller.user, actor=Actor.of(caller), now=now)
    await announce_access(resources.redis, caller.organisation.id, now=now)
