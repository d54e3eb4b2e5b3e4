"""What a sign-in knows of the browser it comes from, and the cookies the browser takes along afterwards."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request, Response, status

from app.dependencies import SESSION_COOKIE, ClientAddress, Now, ResourcesDep
from app.identity.secrets import new_secret
from app.settings import Settings

COOKIE_SECONDS = 400 * 86_400
"""As long as browsers keep one; the session in the store decides, and it is prolonged by use."""
BROWSER_COOKIE = "heliograph_browser"
"""A random value that says "this browser has signed in here before": only the throttle asks for it."""

_MOST_BROWSER_CHARACTERS = 100


@dataclass(frozen=True, slots=True)
class Visit:
    """One browser that wants to sign in. Its address is never stored or logged."""

    address: str
    user_agent: str
    browser: str
    """Value of the browser's own cookie, made now if it has none."""
    session_before: str | None
    """The session it came with: whoever signs in leaves that, and nobody else goes on with it."""
    session_days: int
    now: datetime


def browser_value(sent: str) -> str:
    """Return the value of the browser's own cookie, or a new one: what was sent goes back in a header."""
    is_ours = 0 < len(sent) <= _MOST_BROWSER_CHARACTERS and sent.isascii() and sent.isprintable()
    return sent if is_ours else new_secret()


async def get_visit(request: Request, resources: ResourcesDep, now: Now, address: ClientAddress) -> Visit:
    """Return the browser behind this request."""
    return Visit(
        address=address,
        user_agent=request.headers.get("user-agent", ""),
        browser=browser_value(request.cookies.get(BROWSER_COOKIE, "")),
        session_before=request.cookies.get(SESSION_COOKIE),
        session_days=resources.settings.session_days,
        now=now,
    )


VisitDep = Annotated[Visit, Depends(get_visit)]


def signed_in(cookie: str, visit: Visit, settings: Settings, response: Response | None = None) -> Response:
    """Return an answer (204 unless one is given) that carries the session and the browser's own value."""
    response = response if response is not None else Response(status_code=status.HTTP_204_NO_CONTENT)
    for name, value, path in ((SESSION_COOKIE, cookie, "/"), (BROWSER_COOKIE, visit.browser, "/api/auth")):
        response.set_cookie(
            name,
            value,
            max_age=COOKIE_SECONDS,
            path=path,
            secure=settings.secure_cookies,
            httponly=True,
            samesite="lax",
        )
    return response


def signed_out(settings: Settings) -> Response:
    """Return an answer that takes the session away."""
    response = Response(status_code=status.HTTP_204_NO_CONTENT)
    response.delete_cookie(SESSION_COOKIE, path="/", secure=settings.secure_cookies, httponly=True, samesite="lax")
    return response
