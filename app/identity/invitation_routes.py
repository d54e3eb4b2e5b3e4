"""`/api/auth/invitation`: looking at an invitation, and accepting it."""

from typing import Annotated

from fastapi import APIRouter, Path, Response, status

from app.dependencies import Now, ResourcesDep
from app.identity import invitations
from app.identity.schemas import InvitationUse, InvitationView
from app.identity.signin import sign_in_by_invitation
from app.identity.visit import VisitDep, signed_in

router = APIRouter(prefix="/auth")


@router.get("/invitation/{token}")
async def look_at_invitation(
    token: Annotated[str, Path(max_length=200)], resources: ResourcesDep, now: Now
) -> InvitationView:
    """Return who is invited to which organisation, and use nothing up: mail scanners open links too. 404 if over."""
    async with resources.database.reading() as session:
        _, user, organisation = await invitations.look(session, token, now=now)
        return InvitationView(organisation=organisation.name, name=user.name)


@router.post(
    "/invitation",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={404: {"description": "The invitation was used already, was withdrawn or has expired."}},
)
async def accept_invitation(body: InvitationUse, resources: ResourcesDep, visit: VisitDep) -> Response:
    """Accept: set a password, if one is sent, and sign in. It works once; 404 afterwards."""
    cookie = await sign_in_by_invitation(resources.database, body.token, body.password, visit)
    return signed_in(cookie, visit, resources.settings)
