"""`/api/auth/*` and `/api/me`: signing in and out, and what people may change about themselves."""

from dataclasses import replace

from fastapi import APIRouter, Response, status
from pydantic.alias_generators import to_camel

from app.dependencies import CallerDep, ResourcesDep
from app.errors import BadInputError
from app.identity import admin_routes, credential_routes, invitation_routes, preflight
from app.identity.announce import announce_access
from app.identity.models import User
from app.identity.oidc import routes as oidc_routes
from app.identity.password_change import change_password
from app.identity.schemas import Me, PasswordChange, PasswordSignin, ProfileChange, SigninLinkUse
from app.identity.signin import sign_in_by_link, sign_in_by_password, sign_out
from app.identity.visit import VisitDep, signed_in, signed_out
from app.tracking.calendar import checked_time_zone

router = APIRouter(prefix="/api", tags=["people"])
for part in (invitation_routes, oidc_routes, credential_routes, admin_routes, preflight):
    router.include_router(part.router)


@router.post(
    "/auth/signin-link",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={401: {"description": "The link was used already, has expired or is not complete."}},
)
async def use_signin_link(body: SigninLinkUse, resources: ResourcesDep, visit: VisitDep) -> Response:
    """Sign in by a one-time link. It works once; 401 afterwards."""
    cookie = await sign_in_by_link(resources.database, body.token, visit)
    return signed_in(cookie, visit, resources.settings)


@router.post(
    "/auth/password",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={
        401: {"description": "Address and password do not fit together."},
        429: {"description": "Too many failures; `retryAfter` says how long to wait."},
    },
)
async def use_password(body: PasswordSignin, resources: ResourcesDep, visit: VisitDep) -> Response:
    """Sign in by password. After five failures in 15 minutes: 429 with `retryAfter` in seconds."""
    cookie = await sign_in_by_password(
        resources.database, resources.throttle, email=body.email, password=body.password, visit=visit
    )
    return signed_in(cookie, visit, resources.settings)


@router.post("/auth/signout", status_code=status.HTTP_204_NO_CONTENT)
async def end_session(caller: CallerDep, resources: ResourcesDep) -> Response:
    """End this session; others of the same person stay."""
    await sign_out(resources.database, caller.browser_session.id_hash)
    await announce_access(resources.redis, caller.organisation.id, now=resources.clock())
    return signed_out(resources.settings)


@router.get("/me")
async def me(caller: CallerDep) -> Me:
    """Return who is signed in, their organisation, its settings, and the CSRF token of the session."""
    return Me.of(caller)


@router.patch("/me")
async def change_me(body: ProfileChange, caller: CallerDep, resources: ResourcesDep) -> Me:
    """Change what is sent, keep the rest."""
    changes = body.model_dump(exclude_unset=True)
    for name in ("name", "job_title", "phone", "time_zone", "locale"):
        if name in changes and changes[name] is None:
            field = to_camel(name)
            raise BadInputError(f"{field}: null is not possible; leave the field out to keep it.", field=field)
    if "time_zone" in changes:
        changes["time_zone"] = checked_time_zone(changes["time_zone"])
    if "department" in changes:
        changes["department"] = changes["department"] or None
    async with resources.database.session() as session:
        user = await session.get_one(User, caller.user.id)
        for name, value in changes.items():
            setattr(user, name, value)
    return Me.of(replace(caller, user=user))


@router.put(
    "/me/password",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={
        409: {"description": "It was changed meanwhile."},
        429: {"description": "The present password was wrong too often; `retryAfter` says how long to wait."},
    },
)
async def set_password(body: PasswordChange, caller: CallerDep, resources: ResourcesDep, visit: VisitDep) -> Response:
    """Set or change the password. Your other sessions, open links and, unless `keepKeys`, API keys end.

    This session goes on with a new cookie, so that a copy of the old one ends too.
    """
    cookie = await change_password(
        resources.database,
        resources.throttle,
        caller,
        current=body.current,
        new=body.new,
        keep_keys=body.keep_keys,
        visit=visit,
    )
    await announce_access(resources.redis, caller.organisation.id, now=visit.now)
    return signed_in(cookie, visit, resources.settings)
