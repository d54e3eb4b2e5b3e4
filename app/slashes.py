"""A path with a slash too many leads to the route without it, by a path: never by a name that a request brought."""

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.routing import Match
from starlette.types import Receive, Scope, Send


def redirect_slashes(app: FastAPI) -> None:
    """Have `/api/me/` answered with a redirect to `/api/me`; the framework's own repeats the header `Host`."""
    router = app.router
    router.redirect_slashes = False
    otherwise = router.default

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/")
        if scope["type"] != "http" or path == scope["path"] or not path.startswith("/api/"):
            return await otherwise(scope, receive, send)
        if all(route.matches({**scope, "path": path})[0] is Match.NONE for route in router.routes):
            return await otherwise(scope, receive, send)
        query = scope["query_string"].decode("latin-1")
        await RedirectResponse(path + (f"?{query}" if query else ""))(scope, receive, send)

    router.default = answer
