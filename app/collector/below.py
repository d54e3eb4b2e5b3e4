"""The collector below the path of its public address, whether or not the proxy before it takes the path away."""

from collections.abc import Awaitable, Callable

from app.collector.asgi import Receive, Scope, Send

App = Callable[[Scope, Receive, Send], Awaitable[None]]


def below(path: str, app: App) -> App:
    """Return an app that answers below `path` too: `/px/api/t/…` means `/api/t/…`. Without one: `app`."""
    if not path:
        return app
    start = f"{path}/"

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("path", "").startswith(start):
            scope["path"] = scope["path"].removeprefix(path)
        await app(scope, receive, send)

    return answer
