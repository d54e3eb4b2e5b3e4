"""What a key opens: decided here alone, for every route, before it does anything.

A `read` key reads, a `write` key changes too, both as their person at this moment. A `widget` key stands in the source
of a web page for everybody to see; it opens the routes named here and no other, so that a new route is closed to it.
"""

from fastapi import Request

from app.errors import ForbiddenError
from app.identity.caller import Caller
from app.identity.models import ApiKey
from app.identity.origins import origin_of

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WIDGET_PATHS = frozenset({"/api/tracking/my-stats", "/api/tracking/my-stats/daily", "/api/widget/engagement"})
"""Routes that a widget key may GET, and that answer a browser on another origin."""
ANSWER_HEADERS = "heliograph.answer_headers"
"""Name in the ASGI scope of headers that belong on the answer, whatever it says; `SecurityHeaders` adds them."""


def check_key(request: Request, caller: Caller, *, public_url: str) -> None:
    """Let a request by key through, or raise `ForbiddenError`; its origin is allowed to read the answer if it may.

    A session is let through: its roles are checked where they matter.
    """
    key = caller.credential
    if not isinstance(key, ApiKey):
        return
    if "widget" in caller.scopes:
        _check_widget(request)
    elif request.method in SAFE_METHODS:
        if "read" not in caller.scopes and "write" not in caller.scopes:
            raise ForbiddenError("This API key may not read; make one with the scope `read`.")
    elif "write" not in caller.scopes:
        raise ForbiddenError("This API key may only read; make one with the scope `write`.")
    _check_origin(request, key, public_url)


def _check_widget(request: Request) -> None:
    path = getattr(request.scope.get("route"), "path", None)
    if request.method != "GET" or path not in WIDGET_PATHS:
        raise ForbiddenError("This API key is for the widget and reads its figures only; make one with `read`.")


def _check_origin(request: Request, key: ApiKey, public_url: str) -> None:
    origin = request.headers.get("origin")
    if origin is None or not key.allowed_origins:
        return
    if origin in key.allowed_origins:
        request.scope[ANSWER_HEADERS] = cors_headers(origin)
    elif origin != origin_of(public_url):
        raise ForbiddenError("This API key may not be used by pages of this origin; see Settings, API keys.")


def cors_headers(origin: str) -> list[tuple[bytes, bytes]]:
    """Return what lets pages of one origin read an answer, without cookies."""
    return [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"Origin")]
