"""What a browser asks before a page on another origin may use a widget key; it carries no key yet."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from app.dependencies import Now, ResourcesDep
from app.errors import ForbiddenError
from app.identity.access import WIDGET_PATHS, cors_headers
from app.identity.keys import is_origin_of_a_key

MAX_AGE_SECONDS = 600
"""How long a browser goes by the answer: a revoked key is refused by its own request anyway."""

router = APIRouter()


async def preflight(request: Request, resources: ResourcesDep, now: Now) -> Response:
    """Answer an origin that a working key names; raises `ForbiddenError` for every other."""
    origin = request.headers.get("origin", "")
    async with resources.database.reading() as session:
        is_known = bool(origin) and await is_origin_of_a_key(session, origin, now=now)
    if not is_known or request.headers.get("access-control-request-method") != "GET":
        raise ForbiddenError("No API key names this origin; see Settings, API keys.")
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    for name, value in cors_headers(origin):
        response.raw_headers.append((name, value))
    response.headers["access-control-allow-methods"] = "GET"
    response.headers["access-control-allow-headers"] = "authorization"
    response.headers["access-control-max-age"] = str(MAX_AGE_SECONDS)
    if request.headers.get("access-control-request-private-network") == "true":
        response.headers["access-control-allow-private-network"] = "true"  # a product inside, a page outside
    return response


for path in sorted(WIDGET_PATHS):
    router.add_api_route(path.removeprefix("/api"), preflight, methods=["OPTIONS"], include_in_schema=False)
