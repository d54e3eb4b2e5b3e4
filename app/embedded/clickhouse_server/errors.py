"""ClickHouse's exceptions as its HTTP interface shows them: code, name, message and HTTP status."""

import re
from http import HTTPStatus
from typing import Self

# What ClickHouse's server answers for a code (src/Server/HTTP/exceptionCodeToHTTPStatus.cpp, 26.x); others are 500.
_STATUS_OF_CODES: dict[HTTPStatus, frozenset[int]] = {
    HTTPStatus.UNAUTHORIZED: frozenset({194}),
    HTTPStatus.FORBIDDEN: frozenset({192, 193, 497, 512, 516}),
    HTTPStatus.BAD_REQUEST: frozenset(
        {6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676}
    ),
    HTTPStatus.NOT_FOUND: frozenset({46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511}),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: frozenset({229}),
    HTTPStatus.NOT_IMPLEMENTED: frozenset({48}),
    # 202 is ours: the server says 500, but 503 is what makes clients wait and try again.
    HTTPStatus.SERVICE_UNAVAILABLE: frozenset({76, 202, 209, 439}),
    HTTPStatus.LENGTH_REQUIRED: frozenset({381}),
    HTTPStatus.REQUEST_TIMEOUT: frozenset({159}),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: frozenset({779}),
}
_STATUS = {code: status for status, codes in _STATUS_OF_CODES.items() for code in codes}

# chDB wraps some exceptions in their own text: "Code: 164. DB::Exception: Code: 164. DB::Exception: …".
_ENGINE_MESSAGE = re.compile(r"Code: (?P<code>\d{1,9})\. (?P<text>.*)", re.DOTALL)
_REPEATED_HEAD = re.compile(r"^(?:DB::Exception: Code: \d+\. )+(?=DB::)")
_NAME_AT_THE_END = re.compile(r"(?<![\s.])[\s.]*+\((?P<name>[A-Z][A-Z0-9_]++)\)(?: \(version [^()]*+\))?+\.?+\s*+$")
MOST_END = 250
"""Characters at the end of a message that may hold its name: what stands before quotes the statement."""
_MOST_NAMES = 4
"""Most names behind each other, one for each time that chDB wraps its own exception."""


class ClickHouseError(Exception):
    """An exception of ClickHouse: `code` (such as 60), `name` (such as UNKNOWN_TABLE), `text` without either."""

    def __init__(self, code: int, name: str, text: str) -> None:
        super().__init__(text)
        self.code, self.name, self.text = code, name, text

    @classmethod
    def from_engine(cls, error: Exception) -> Self:
        """Read what chDB raised; a message without a code becomes 1002 UNKNOWN_EXCEPTION."""
        found = _ENGINE_MESSAGE.search(str(error))
        if found is None:
            return cls(1002, "UNKNOWN_EXCEPTION", str(error))
        text, name = _REPEATED_HEAD.sub("", found["text"]).removeprefix("DB::Exception: "), ""
        for _ in range(_MOST_NAMES):
            end = _NAME_AT_THE_END.search(text, max(0, len(text) - MOST_END))
            if end is None:
                break
            text, name = text[: end.start()], end["name"]
        return cls(int(found["code"]), name, text)

    @property
    def status(self) -> HTTPStatus:
        """The HTTP status ClickHouse's server gives for this code."""
        return _STATUS.get(self.code, HTTPStatus.INTERNAL_SERVER_ERROR)

    def body(self, version: str) -> bytes:
        """Return the text of the answer, as the server writes it."""
        name = f" ({self.name})" if self.name else ""
        return f"Code: {self.code}. DB::Exception: {self.text}.{name} (version {version} (embedded))\n".encode()


def syntax_error(text: str) -> ClickHouseError:
    """The statement cannot be understood."""
    return ClickHouseError(62, "SYNTAX_ERROR", text)


def bad_arguments(text: str) -> ClickHouseError:
    """A parameter of the request does not fit."""
    return ClickHouseError(36, "BAD_ARGUMENTS", text)


def not_implemented(text: str) -> ClickHouseError:
    """A real server could do this, the embedded one does not."""
    return ClickHouseError(48, "NOT_IMPLEMENTED", f"{text}: the embedded ClickHouse does not do this, a server does")


def readonly(text: str) -> ClickHouseError:
    """A statement that would change something came over a read-only request."""
    return ClickHouseError(164, "READONLY", text)


def authentication_failed(user: str) -> ClickHouseError:
    """Wrong user or wrong password; the answer does not say which."""
    return ClickHouseError(
        516,
        "AUTHENTICATION_FAILED",
        f"{user}: Authentication failed: password is incorrect, or there is no user with such name",
    )


def too_many_queries(running: int, waiting: int) -> ClickHouseError:
    """All places are taken, and so are the places in the queue."""
    return ClickHouseError(
        202,
        "TOO_MANY_SIMULTANEOUS_QUERIES",
        f"Too many simultaneous queries: {running} run and {waiting} wait. Try again in a moment",
    )


def query_id_is_running(query_id: str) -> ClickHouseError:
    """A query id names one running query at a time."""
    return ClickHouseError(
        216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", f"Query with id = {query_id} is already running"
    )


def query_is_too_large(limit_bytes: int) -> ClickHouseError:
    """The body is longer than we hold in memory."""
    return ClickHouseError(
        229,
        "QUERY_IS_TOO_LARGE",
        f"The body is larger than {limit_bytes} bytes. Insert in smaller blocks",
    )
