"""`/api/auth/methods` and `/api/auth/oidc/*`: what the sign-in page offers, and the way through the provider."""

from typing import Annotated, Any
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.dependencies import Now, ResourcesDep
from app.errors import NotFoundError
from app.identity.oidc.errors import OidcError
from app.identity.oidc.people import person_of
from app.identity.oidc.provider import Provider
from app.identity.oidc.state import COOKIE_PATH, LIFETIME, Pending, checked_next, cookie_name, opened, sealed
from app.identity.schemas import OidcMethod, ProviderAnswer, SigninMethods
from app.identity.signin import let_in
from app.identity.visit import VisitDep, signed_in
from app.resources import Resources

START = "/api/auth/oidc/start"
NOT_SET_UP: dict[int | str, dict[str, Any]] = {404: {"description": "No provider is set up here."}}
log = structlog.stdlib.get_logger("heliograph.api")
router = APIRouter(prefix="/auth")
Text = Annotated[str, Query(max_length=4000)]


@router.get("/methods")
async def methods(resources: ResourcesDep) -> SigninMethods:
    """Return the ways to sign in, and whether the provider answers."""
    if resources.oidc is None:
        return SigninMethods(password=True, oidc=None)
    name, is_available = resources.settings.oidc_name, await resources.oidc.is_available()
    return SigninMethods(password=True, oidc=OidcMethod(name=name, start_url=START, is_available=is_available))


@router.get("/oidc/start", status_code=303, response_class=RedirectResponse, responses=NOT_SET_UP)
async def start(resources: ResourcesDep, now: Now, next_path: Annotated[Text, Query(alias="next")] = "/") -> Response:
    """Send the browser to the provider; it comes back to `next`, a path of ours."""
    provider = _provider(resources)
    pending = Pending.begin(next_path, now)
    try:
        url = await provider.authorization_url(pending)
    except OidcError as error:
        return _back(error, checked_next(next_path))
    response = RedirectResponse(url, 303)
    response.set_cookie(
        cookie_name(pending.state),
        sealed(pending, resources.settings.oidc_client_secret.get_secret_value()),
        max_age=int(LIFETIME.total_seconds()),
        path=COOKIE_PATH,
        secure=resources.settings.secure_cookies,
        httponly=True,
        samesite="lax",  # the provider sends the browser back by a link
    )
    return response


@router.get("/oidc/callback", status_code=303, response_class=RedirectResponse, responses=NOT_SET_UP)
async def callback(
    request: Request,
    resources: ResourcesDep,
    visit: VisitDep,
    answer: Annotated[ProviderAnswer, Query()],
) -> Response:
    """Where the provider sends the browser: signs in and goes on, or says on the sign-in page why not."""
    provider = _provider(resources)
    name = cookie_name(answer.state)
    settings = resources.settings
    next_path = "/"
    try:
        secret = settings.oidc_client_secret.get_secret_value()
        pending = opened(request.cookies.get(name), answer.state, secret, now=visit.now)
        next_path = pending.next
        if answer.iss not in ("", settings.oidc_issuer):
            raise OidcError("oidcRefused", "another provider answered")
        if answer.error == "access_denied":
            raise OidcError("oidcDenied", "cancelled at the provider")
        if answer.error or not answer.code:
            raise OidcError("oidcRefused", f"the provider said {answer.error[:100]!r}")
        claims = await provider.claims(answer.code, pending, now=visit.now)
        async with resources.database.session() as session:
            cookie = await let_in(session, await person_of(session, claims, settings, now=visit.now), visit)
        response = signed_in(cookie, visit, settings, RedirectResponse(next_path, 303))
    except OidcError as refused:
        response = _back(refused, next_path)
    response.delete_cookie(name, path=COOKIE_PATH, secure=settings.secure_cookies, httponly=True, samesite="lax")
    return response


def _provider(resources: Resources) -> Provider:
    if resources.oidc is None:
        raise NotFoundError("No provider is set up here; OIDC_ISSUER names one.")
    return resources.oidc


def _back(error: OidcError, next_path: str) -> Response:
    log.warning("sign-in through the provider ended", reason=error.reason, detail=str(error))
    search = {"why": error.reason} | ({"next": next_path} if next_path != "/" else {})
    return RedirectResponse(f"/signin?{urlencode(search)}", 303)
