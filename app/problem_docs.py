"""The problems each operation may answer, written into the API's description from what the operation takes."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI

from app.problems import MEDIA_TYPE

_TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "RFC 9457. Members beside these belong to the `code`.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": _TEXT | {"description": "`urn:heliograph:problem:` and the code."},
        "title": _TEXT | {"description": "What kind of problem it is."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": _TEXT | {"description": "What was wrong, where, and what to do."},
        "code": _TEXT | {"description": "Stable; made for programs."},
        "instance": _TEXT | {"description": "The path that was asked."},
        "field": _TEXT | {"description": "The field that does not fit, as it was sent."},
        "errors": {
            "type": "array",
            "description": "All fields that do not fit.",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": _TEXT, "message": _TEXT},
            },
        },
        "service": _TEXT | {"description": "The service that is away."},
        "retryAfter": {"type": "integer", "description": "Seconds to wait."},
    },
}
_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_EVERYWHERE = {503: "A service behind the API is away; `Retry-After` says when to try again."}
_SIGNED_IN = {
    401: "Nobody is signed in, or the session or key is not valid any more.",
    403: "The role or key may not do this, or the session's X-CSRF-Token is missing.",
    504: "ClickHouse needed longer than QUERY_TIMEOUT_SECONDS.",
}
_WITH_BODY = {
    400: "The body is not JSON.",
    408: "The body stopped, or came too slowly.",
    413: "The body is larger than this API reads.",
}
_WITH_INPUT = {422: "Something does not fit; `field` names it."}
_WITH_ID = {404: "What the path names does not exist, or belongs to somebody else."}


def install(app: FastAPI) -> None:
    """Let `app.openapi()` name the problems of every operation.

    Which statuses an operation can answer follows from what it takes (a session, a body, an id); only those that its
    own rules add stand at the route (`responses=`), and get their shape here.
    """
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            description = describe()
            _complete(description)
            app.openapi_schema = description
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to change the description


def _complete(description: dict[str, Any]) -> None:
    components = description["components"]
    components["schemas"]["Problem"] = PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):  # what FastAPI would say, and we do not
        components["schemas"].pop(unused, None)
    meanings = _EVERYWHERE | _SIGNED_IN | _WITH_BODY | _WITH_INPUT | _WITH_ID
    components["responses"] = {
        f"Problem{status}": {"description": meaning, "content": _CONTENT} for status, meaning in meanings.items()
    }
    for path, operations in description["paths"].items():
        for operation in operations.values():
            _add(operation, has_id="{" in path)


def _add(operation: dict[str, Any], *, has_id: bool) -> None:
    possible = set(_EVERYWHERE)
    if "security" in operation:
        possible |= set(_SIGNED_IN)
    if "requestBody" in operation:
        possible |= set(_WITH_BODY) | set(_WITH_INPUT)
    if operation.get("parameters"):
        possible |= set(_WITH_INPUT)
    if has_id:
        possible |= set(_WITH_ID)
    responses = operation["responses"]
    responses.pop("422", None)  # FastAPI's own describes a body of another shape
    for status in sorted(possible):
        responses.setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
    for status, response in responses.items():
        if int(status) >= HTTPStatus.BAD_REQUEST and not {"content", "$ref"} & response.keys():
            response["content"] = _CONTENT
