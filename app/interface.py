"""Serves the built interface: `index.html` for every page, hashed assets for a year, texts gzipped."""

import gzip
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from app.errors import NotFoundError
from app.http_headers import accepts_gzip, is_known
from app.problems import shown_path

DIST = Path(__file__).parent / "ui" / "dist"
YEAR = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
"""Keep, but ask each time: the page names the hashed assets of its own build."""

WIDGET = "widget.js"
WIDGET_HEADERS = {
    "cache-control": "public, max-age=3600, stale-while-revalidate=604800",
    "cross-origin-resource-policy": "cross-origin",
    "access-control-allow-origin": "*",  # so that pages may pin it with `integrity`
}
"""The one file that is made for pages of others. Its address never changes, so it is asked for again by its etag."""

MOST_PATH_CHARACTERS = 1_024
MOST_NAME_BYTES = 255
"""Longest part of a path on the usual file systems."""

NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Heliograph</title>
<body style="font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem">
<h1>The interface is not built yet</h1>
<p>Run <code>make ui</code> in the checkout, then reload this page. The API answers already:
<a href="/api/openapi.json">/api/openapi.json</a>.</p></body></html>"""


def mount_interface(app: FastAPI, dist: Path = DIST) -> None:
    """Serve `dist` for every GET that no route answers; unknown paths under /api stay 404 problems.

    A path with a dot in its last part is a file: missing, it is 404 and not the page.
    """
    root = dist.resolve()

    def interface(request: Request) -> Response:
        path = request.scope["path"].lstrip("/")
        if path == "api" or path.startswith("api/") or request.method not in {"GET", "HEAD"}:
            raise NotFoundError(f"There is nothing at {shown_path(request)}; /api/openapi.json lists what exists.")
        if not is_possible(path):
            raise NotFoundError("There is no file and no page at such a path: it is too long, or no readable text.")
        index = root / "index.html"
        if not index.is_file():
            return HTMLResponse(NOT_BUILT, headers={"cache-control": "no-store"})
        file = file_below(root, path)
        if file is not None:
            is_hashed = file.is_relative_to(root / "assets")
            own = {"cache-control": YEAR if is_hashed else REVALIDATE}
            return _file(request, file, WIDGET_HEADERS if path == WIDGET else own)
        if "." in path.rpartition("/")[2]:
            raise NotFoundError(f"There is no file {shown_path(request)} in this build of the interface.")
        return _file(request, index, {"cache-control": REVALIDATE})

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        await interface(Request(scope))(scope, receive, send)

    app.router.default = answer


def is_possible(path: str) -> bool:
    """Tell whether a file may have this path below the build: short enough for every system, of readable text."""
    return (
        len(path) <= MOST_PATH_CHARACTERS
        and path.isprintable()
        and "\ufffd" not in path  # stands for bytes that are no UTF-8
        and all(len(part.encode()) <= MOST_NAME_BYTES for part in path.split("/"))
    )


def file_below(root: Path, path: str) -> Path | None:
    """Return the file that an outside text names below `root`; None if there is none, or it can be none.

    `root` is resolved. A path that leads out of it, also by a symbolic link, names nothing.
    """
    if not path:
        return None
    try:
        file = (root / path).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None
    except (OSError, RuntimeError, ValueError):  # the file system's own limits; a loop of links; its encoding
        return None


def _file(request: Request, file: Path, headers: dict[str, str]) -> Response:
    """Return the file, or 304 to whoever has it already; texts gzipped for whoever takes that.

    The server sends a `FileResponse` itself, past the middleware that compresses answers: so it is done here, once.
    """
    stat = file.stat()
    response: Response = FileResponse(file, headers=headers, stat_result=stat)
    etag = response.headers["etag"]
    if file.suffix in TEXTS and stat.st_size >= WORTH_COMPRESSING:
        headers = headers | {"vary": "accept-encoding"}
        if accepts_gzip(request.headers.get("accept-encoding", "")):
            etag = f'{etag[:-1]}-gzip"'
            headers |= {"content-encoding": "gzip", "etag": etag}
            media_type = response.media_type
            response = Response(_gzipped(file, stat.st_mtime_ns), headers=headers, media_type=media_type)
    response.headers.update(headers)
    if is_known(request.headers.getlist("if-none-match"), etag):
        return Response(status_code=304, headers=headers | {"etag": etag})
    return response


TEXTS = frozenset({".html", ".js", ".css", ".svg", ".json", ".txt"})
WORTH_COMPRESSING = 1_000
"""Bytes; below, the packet is not full anyway."""


@lru_cache(maxsize=256)
def _gzipped(file: Path, _changed_ns: int) -> bytes:
    """Return the content, compressed as far as gzip goes; a new build is another time of change."""
    return gzip.compress(file.read_bytes(), compresslevel=9, mtime=0)
