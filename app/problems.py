"""Every error as an RFC 9457 problem: ours, the framework's, the drivers', and those nobody expected."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException

from app.errors import AppError, BadInputError, NotFoundError, QueryTimeoutError, UnavailableError
from clickhouse.errors import ClickHouseError, ClickHouseQueryError, ClickHouseUnavailableError, QueryTimedOutError

MEDIA_TYPE = "application/problem+json"
_MOST_SHOWN = 200
log = structlog.stdlib.get_logger("heliograph.api")


class MalformedJsonError(AppError):
    """The body is not JSON."""

    status, code, title = HTTPStatus.BAD_REQUEST, "malformed_json", "The body is not JSON"


class MethodNotAllowedError(AppError):
    """The path exists, but not for this method; the header `Allow` names the others."""

    status, code, title = HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", "Not with this method"


class TooLargeError(AppError):
    """The body is larger than we read."""

    status, code, title = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "The body is too large"


def problem_response(error: AppError, *, instance: str, headers: Mapping[str, str] | None = None) -> Response:
    """Render an error; `Retry-After` is set where the error knows it, or the service will be back soon."""
    sent = dict(headers or {})
    wait = error.extensions.get("retryAfter", 2 if isinstance(error, UnavailableError) else None)
    if wait is not None:
        sent["retry-after"] = str(wait)
    if error.status is HTTPStatus.UNAUTHORIZED:
        sent["www-authenticate"] = 'Bearer realm="heliograph"'
    sent["cache-control"] = "no-store"
    body = _written(error.problem(instance=instance))
    return Response(body, status_code=int(error.status), headers=sent, media_type=MEDIA_TYPE)


def _written(problem: dict[str, Any]) -> bytes:
    """Write it as JSON, even if it repeats something of the caller's that no JSON can carry."""
    try:
        return orjson.dumps(problem)
    except TypeError:  # half of a surrogate pair
        return json.dumps(problem, default=str, ensure_ascii=False).encode("utf-8", "replace")


def from_validation(error: RequestValidationError) -> AppError:
    """Name the fields that do not fit; `errors` lists all of them as `{field, message}`."""
    found = error.errors()
    broken = next((item for item in found if item["type"] == "json_invalid"), None)
    if broken is not None:
        where = broken["loc"][-1]
        reason = broken.get("ctx", {}).get("error", "it cannot be parsed")
        return MalformedJsonError(f"The body is not JSON: {reason} at character {where}.")
    fields = [{"field": _field(item["loc"]), "message": item["msg"]} for item in found]
    first = fields[0]
    return BadInputError(f"{first['field']}: {first['message']}", field=first["field"], errors=fields)


def _field(location: tuple[int | str, ...]) -> str:
    """Turn pydantic's location (`("body", "user", 0, "name")`) into what the caller wrote (`user.0.name`)."""
    return ".".join(str(part) for part in location[1:]) or str(location[0])


def shown_path(request: Request) -> str:
    """Return the path that was asked, cut for a sentence. `request.url` would end it at a decoded `?`."""
    path: str = request.scope["path"]
    return path if len(path) <= _MOST_SHOWN else f"{path[:_MOST_SHOWN]}…"


def from_http(error: HTTPException, request: Request) -> AppError:
    """Translate what the router says itself: no such path, wrong method."""
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NotFoundError(f"There is nothing at {shown_path(request)}; /api/openapi.json lists what exists.")
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "")
        return MethodNotAllowedError(f"{shown_path(request)} does not answer {request.method}; try {allowed}.")
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return TooLargeError(str(error.detail))
    if isinstance(error.__cause__, (RecursionError, ValueError)):  # UnicodeDecodeError is a ValueError
        return MalformedJsonError(f"The body is not JSON this API reads: {_why_unreadable(error.__cause__)}.")
    translated = AppError(str(error.detail))
    translated.status = HTTPStatus(error.status_code)
    translated.code = translated.status.name.lower()
    translated.title = translated.status.phrase
    return translated


def _why_unreadable(cause: Exception) -> str:
    if isinstance(cause, RecursionError):
        return "it is nested too deeply"
    if isinstance(cause, UnicodeDecodeError):
        return f"it is not UTF-8 at byte {cause.start}"
    return "a number in it is too long"


def from_clickhouse(error: ClickHouseError) -> AppError:
    """Say that the statistics are away, too slow, or broken."""
    if isinstance(error, QueryTimedOutError):
        return QueryTimeoutError(
            "ClickHouse needed longer than QUERY_TIMEOUT_SECONDS for this; nothing was lost.", service="clickhouse"
        )
    if isinstance(error, ClickHouseUnavailableError):
        return UnavailableError(
            "ClickHouse cannot be reached; opens are being recorded, statistics come back with it.",
            service="clickhouse",
        )
    if isinstance(error, ClickHouseQueryError) and error.is_transient:
        return UnavailableError(
            f"ClickHouse cannot answer for the moment ({error.name}); trying again later helps.", service="clickhouse"
        )
    return AppError("ClickHouse could not answer the query; the log of the API says why.", service="clickhouse")


def install(app: FastAPI) -> None:
    """Register the handlers; the last one logs what nobody expected and tells the caller nothing about it."""

    def answer(request: Request, error: AppError, headers: Mapping[str, str] | None = None) -> Response:
        return problem_response(error, instance=request.scope["path"], headers=headers)

    async def on_app_error(request: Request, error: Any) -> Response:
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.warning(error.code, path=request.scope["path"], detail=error.detail, cause=repr(error.__cause__))
        return answer(request, error)

    async def on_validation(request: Request, error: Any) -> Response:
        return answer(request, from_validation(error))

    async def on_http(request: Request, error: Any) -> Response:
        return answer(request, from_http(error, request), error.headers)

    async def on_clickhouse(request: Request, error: Any) -> Response:
        translated = from_clickhouse(error)
        log.warning(translated.code, path=request.scope["path"], reason=str(error))
        return answer(request, translated)

    async def on_redis(request: Request, error: Any) -> Response:
        log.warning("unavailable", path=request.scope["path"], service="redis", reason=str(error))
        return answer(request, UnavailableError("Redis cannot be reached; no data is lost.", service="redis"))

    async def on_anything(request: Request, error: Exception) -> Response:
        log.error("unexpected", path=request.scope["path"], exc_info=error)
        return answer(request, AppError("This should not have happened; the log of the API says what did."))

    app.add_exception_handler(AppError, on_app_error)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(ClickHouseError, on_clickhouse)
    app.add_exception_handler(RedisError, on_redis)
    app.add_exception_handler(Exception, on_anything)
