"""`/api/auth/*` and `/api/me`: signing in and out, and what people may change about themselves."""

from dataclasses import replace

from fastapi import APIRouter, Request, Response, status
from pydantic.alias_generators import to_camel

from app.dependencies import SESSION_COOKIE, CallerDep, ClientAddress, Now, ResourcesDep
from app.errors import BadInputError, ForbiddenError
from app.identity.models import Session, User
from app.identity.schemas import Me, PasswordChange, PasswordSignin, ProfileChange, SigninLinkUse
from app.identity.signin import change_password, sign_in_by_link, sign_in_by_password, sign_out
from app.settings import Settings
from app.tracking.calendar import checked_time_zone

router = APIRouter(prefix="/api", tags=["people"])

COOKIE_SECONDS = 400 * 86_400
"""As long as browsers keep one; the session in the store decides, and it is prolonged by use."""


@router.post("/auth/signin-link", status_code=status.HTTP_204_NO_CONTENT)
async def use_signin_link(body: SigninLinkUse, request: Request, resources: ResourcesDep, now: Now) -> Response:
    """Sign in by a one-time link. It works once; 401 afterwards."""
    cookie = await sign_in_by_link(
        resources.database,
        body.token,
        days=resources.settings.session_days,
        user_agent=request.headers.get("user-agent", ""),
        now=now,
    )
    return _signed_in(cookie, resources.settings)


@router.post("/auth/password", status_code=status.HTTP_204_NO_CONTENT)
async def use_password(
    body: PasswordSignin, request: Request, resources: ResourcesDep, now: Now, address: ClientAddress
) -> Response:
    """Sign in by password. After five failures in 15 minutes: 429 with `retryAfter` in seconds."""
    cookie = await sign_in_by_password(
        resources.database,
        resources.throttle,
        email=body.email,
        password=body.password,
        address=address,
        days=resources.settings.session_days,
        user_agent=request.headers.get("user-agent", ""),
        now=now,
    )
    return _signed_in(cookie, resources.settings)


@router.post("/auth/signout", status_code=status.HTTP_204_NO_CONTENT)
async def end_session(caller: CallerDep, resources: ResourcesDep) -> Response:
    """End this session; others of the same person stay."""
    await sign_out(resources.database, _session_of(caller.credential).id_hash)
    response = Response(status_code=status.HTTP_204_NO_CONTENT)
    response.delete_cookie(
        SESSION_COOKIE, path="/", secure=resources.settings.secure_cookies, httponly=True, samesite="lax"
    )
    return response


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
        checked_time_zone(changes["time_zone"])
    if "department" in changes:
        changes["department"] = changes["department"] or None
    async with resources.database.session() as session:
        user = await session.get_one(User, caller.user.id)
        for name, value in changes.items():
            setattr(user, name, value)
    return Me.of(replace(caller, user=user))


@router.put("/me/password", status_code=status.HTTP_204_NO_CONTENT)
async def set_password(body: PasswordChange, caller: CallerDep, resources: ResourcesDep) -> None:
    """Set or change the password; every other session of this person ends."""
    await change_password(
        resources.database,
        resources.throttle,
        caller.user,
        current=body.current,
        new=body.new,
        keep=_session_of(caller.credential).id_hash,
    )


def _session_of(credential: object) -> Session:
    if not isinstance(credential, Session):
        raise ForbiddenError("This needs a signed-in browser, not an API key.")
    return credential


def _signed_in(cookie: str, settings: Settings) -> Response:
    response = Response(status_code=status.HTTP_204_NO_CONTENT)
    response.set_cookie(
        SESSION_COOKIE,
        cookie,
        max_age=COOKIE_SECONDS,
        path="/",
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return response
