"""What endpoints ask for by type: resources, the present moment, who is calling."""

import contextlib
import hmac
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPBearer

from app.collector.proxies import client_address, parse_networks
from app.errors import ForbiddenError, NotSignedInError, UnavailableError
from app.identity.access import SAFE_METHODS, check_key
from app.identity.caller import Caller, caller_of_api_key, caller_of_session, note_use
from app.identity.roles import ADMIN_ROLES
from app.identity.secrets import API_KEY_PREFIX
from app.resources import Resources

SESSION_COOKIE = "heliograph_session"
CSRF_HEADER = "x-csrf-token"

_cookie_scheme = APIKeyCookie(name=SESSION_COOKIE, auto_error=False, description="Set by signing in.")
_bearer_scheme = HTTPBearer(auto_error=False, description="An API key, `hg_…`.")


async def get_resources(request: Request) -> Resources:
    """Return the process's resources, as the lifespan made them."""
    resources: Resources = request.state.resources
    return resources


ResourcesDep = Annotated[Resources, Depends(get_resources)]


async def get_now(resources: ResourcesDep) -> datetime:
    """Return the present moment, aware UTC."""
    return resources.clock()


Now = Annotated[datetime, Depends(get_now)]


@lru_cache
def _resolver(trusted_proxies: str) -> Callable[[str, bytes | None], str]:
    return client_address(parse_networks(trusted_proxies))


async def get_client_address(request: Request, resources: ResourcesDep) -> str:
    """Return the caller's address, believing `X-Forwarded-For` only from `TRUSTED_PROXIES`. Never stored or logged."""
    resolve = _resolver(resources.settings.trusted_proxies)
    peer = request.client.host if request.client else ""
    forwarded = request.headers.getlist("x-forwarded-for")  # one list, in however many lines proxies write it
    return resolve(peer, ",".join(forwarded).encode("latin-1", "replace") if forwarded else None)


ClientAddress = Annotated[str, Depends(get_client_address)]


async def get_caller(
    request: Request,
    resources: ResourcesDep,
    now: Now,
    _cookie: Annotated[object, Depends(_cookie_scheme)],
    _bearer: Annotated[object, Depends(_bearer_scheme)],
) -> Caller:
    """Return who is calling, by API key if one is sent, else by session cookie.

    Raises `NotSignedInError` without a valid one; `ForbiddenError` for a change without the session's CSRF token, or
    for what the key does not open.
    """
    authorization = request.headers.get("authorization")
    cookie = request.cookies.get(SESSION_COOKIE)
    async with resources.database.reading() as session:
        if authorization is not None:
            caller = await caller_of_api_key(session, _bearer_key(authorization), now=now)
        elif cookie:
            caller = await caller_of_session(session, cookie, now=now)
        else:
            raise NotSignedInError("Sign in, or send an API key as `Authorization: Bearer hg_…`.")
    if caller is None:
        raise NotSignedInError("The session or key is unknown, has expired or was revoked; sign in again.")
    check_key(request, caller, public_url=resources.settings.public_url)
    if request.method not in SAFE_METHODS and caller.csrf_token is not None:
        _check_csrf(request, caller.csrf_token)
    if caller.is_use_stale(now):
        with contextlib.suppress(UnavailableError):  # the next request notes it
            async with resources.database.noting() as session:
                await note_use(session, caller, now=now, session_days=resources.settings.session_days)
    return caller


def _bearer_key(authorization: str) -> str:
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() != "bearer" or not key.strip().startswith(API_KEY_PREFIX):
        raise NotSignedInError(f"Authorization has to be `Bearer {API_KEY_PREFIX}…`.")
    return key.strip()


def _check_csrf(request: Request, token: str) -> None:
    sent = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(sent.encode(), token.encode()):
        raise ForbiddenError("Send the csrfToken of GET /api/me as the header X-CSRF-Token.", field=CSRF_HEADER)


CallerDep = Annotated[Caller, Depends(get_caller)]


async def get_admin(caller: CallerDep) -> Caller:
    """Return the caller if they are owner or admin; raises `ForbiddenError` for every other role."""
    if caller.user.role not in ADMIN_ROLES:
        raise ForbiddenError(
            f"This is for owners and admins of {caller.organisation.name}; your role is {caller.user.role}. "
            "Ask one of them to do it, or to change your role."
        )
    return caller


AdminDep = Annotated[Caller, Depends(get_admin)]
