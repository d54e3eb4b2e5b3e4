"""The errors a user can meet: one tree, each with a status and a stable code; rendered as RFC 9457 problems."""

from http import HTTPStatus
from typing import Any


class AppError(Exception):
    """Something the caller should be told. The message says what was wrong, where, and what to do."""

    status: HTTPStatus = HTTPStatus.INTERNAL_SERVER_ERROR
    code: str = "internal_error"
    title: str = "Something went wrong on our side"

    def __init__(self, detail: str, **extensions: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extensions = extensions

    def problem(self, *, instance: str | None = None) -> dict[str, Any]:
        """Return the RFC 9457 members: type, title, status, detail, code, and this error's extensions."""
        body: dict[str, Any] = {
            "type": f"urn:heliograph:problem:{self.code}",
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
            "code": self.code,
        }
        if instance is not None:
            body["instance"] = instance
        return body | self.extensions


class BadInputError(AppError):
    """The request does not fit; `detail` names the field."""

    status, code, title = HTTPStatus.UNPROCESSABLE_ENTITY, "bad_input", "The request does not fit"


class NotSignedInError(AppError):
    """No valid session or key came with the request."""

    status, code, title = HTTPStatus.UNAUTHORIZED, "not_signed_in", "Sign in first"


class ForbiddenError(AppError):
    """The caller is known, but may not do this."""

    status, code, title = HTTPStatus.FORBIDDEN, "forbidden", "You may not do this"


class NotFoundError(AppError):
    """What the URL names does not exist, or belongs to somebody else."""

    status, code, title = HTTPStatus.NOT_FOUND, "not_found", "There is nothing here"


class ConflictError(AppError):
    """The state has changed meanwhile, or the thing exists already."""

    status, code, title = HTTPStatus.CONFLICT, "conflict", "Somebody was faster"


class TooManyRequestsError(AppError):
    """The caller has to wait; the extension `retryAfter` says how long, in seconds."""

    status, code, title = HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", "Too many attempts"


class UnavailableError(AppError):
    """A service behind us is away; nothing was lost, trying again later helps."""

    status, code, title = HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", "A service is away for the moment"


class QueryTimeoutError(UnavailableError):
    """A query took longer than its limit."""

    status, code, title = HTTPStatus.GATEWAY_TIMEOUT, "query_timeout", "The query took too long"
