"""What owners and admins do about people's ways in: invitations, sessions, keys."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, status

from app.audit.service import Actor
from app.dependencies import AdminDep, Now, ResourcesDep
from app.identity import invitations, keys, sessions
from app.identity.announce import announce_access
from app.identity.endings import hold_session
from app.identity.schemas import InvitationMade, KeyList, SessionsEnded

router = APIRouter(prefix="/admin")

UserId = Annotated[UUID, Path(alias="userId", description="A person of your organisation.")]
KeyId = Annotated[UUID, Path(alias="keyId", description="As the list names it.")]


@router.post(
    "/people/{userId}/invitation",
    status_code=status.HTTP_201_CREATED,
    responses={409: {"description": "The person is deactivated."}},
)
async def invite(user_id: UserId, caller: AdminDep, resources: ResourcesDep, now: Now) -> InvitationMade:
    """Make a link that lets this person in, once, within 7 days, and set a password; the link before it ends.

    Also for somebody who forgot their password. Only owners may invite an owner. Needs a signed-in browser: a key that
    leaked must not make a link that outlives it.
    """
    async with resources.database.session() as session:
        role = await hold_session(session, caller, now=now)
        user = await invitations.invited_person(session, caller.organisation.id, user_id, by=role)
        made = await invitations.invite(session, user, actor=Actor.of(caller), now=now)
    return InvitationMade(url=made.url(resources.settings.public_url), expires_at=made.expires_at)


@router.delete("/people/{userId}/invitation", status_code=status.HTTP_204_NO_CONTENT)
async def withdraw_invitation(user_id: UserId, caller: AdminDep, resources: ResourcesDep, now: Now) -> None:
    """End the person's open invitation; 404 if there is none."""
    async with resources.database.session() as session:
        user = await invitations.invited_person(session, caller.organisation.id, user_id, by=caller.user.role)
        await invitations.withdraw(session, user, actor=Actor.of(caller), now=now)


@router.delete("/people/{userId}/sessions")
async def end_sessions(user_id: UserId, caller: AdminDep, resources: ResourcesDep, now: Now) -> SessionsEnded:
    """Sign this person out everywhere and end their open links; their keys stay. Only owners sign an owner out."""
    async with resources.database.session() as session:
        user = await invitations.invited_person(session, caller.organisation.id, user_id, by=caller.user.role)
        ended = await sessions.end_all_sessions(session, user, actor=Actor.of(caller), now=now)
    await announce_access(resources.redis, caller.organisation.id, now=now)
    return SessionsEnded(ended=ended.sessions)


@router.get("/api-keys")
async def all_keys(caller: AdminDep, resources: ResourcesDep) -> KeyList:
    """Return everybody's API keys."""
    async with resources.database.reading() as session:
        return KeyList(data=await keys.keys_of_organisation(session, caller.organisation.id))


@router.delete("/api-keys/{keyId}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_key(key_id: KeyId, caller: AdminDep, resources: ResourcesDep, now: Now) -> None:
    """Revoke anybody's key of your organisation; only owners revoke an owner's."""
    async with resources.database.session() as session:
        await keys.revoke_key(session, key_id, user=caller.user, actor=Actor.of(caller), now=now, is_own=False)
    await announce_access(resources.redis, caller.organisation.id, now=now)
