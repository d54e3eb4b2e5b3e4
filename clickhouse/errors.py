"""What can go wrong with ClickHouse, as a tree: it is away, or it refused a statement and says why."""

import re

from clickhouse_connect.driver import exceptions as driver


class ClickHouseError(Exception):
    """Anything that ClickHouse, or the way to it, refused; the cause is the driver's own exception."""


class ClickHouseUnavailableError(ClickHouseError):
    """No answer: refused connection, time-out, or a proxy's 5xx. Whether a statement took effect is unknown."""


class ClickHouseDataError(ClickHouseError):
    """A column holds a value its type cannot carry; nothing was sent that could be stored."""


class ClickHouseQueryError(ClickHouseError):
    """ClickHouse answered with an exception; `code` and `name` are its own (`60`, `UNKNOWN_TABLE`)."""

    def __init__(self, message: str, *, code: int, name: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.name = name

    @property
    def is_transient(self) -> bool:
        """Whether the same statement may succeed later without anybody changing anything."""
        return self.code in _TRANSIENT

    @property
    def position(self) -> int | None:
        """Return the 1-based position of a syntax error in the statement, if ClickHouse named one."""
        found = re.search(r"failed at position (\d{1,9})", self.message)
        return int(found.group(1)) if found else None


class QueryTimedOutError(ClickHouseQueryError):
    """The query ran longer than its `max_execution_time`."""


class ReadOnlyError(ClickHouseQueryError):
    """The statement would write or change a setting, and the session may only read."""


class OutOfMemoryError(ClickHouseQueryError):
    """The query wanted more memory than its limit."""


class QueryKilledError(ClickHouseQueryError):
    """Somebody ended the query (`KILL QUERY`)."""


class QueryMissingError(ClickHouseError):
    """A named query does not exist or cannot be parsed; raised at start, never at a request."""


_CLASSES: dict[int, type[ClickHouseQueryError]] = {
    159: QueryTimedOutError,  # TIMEOUT_EXCEEDED
    160: QueryTimedOutError,  # TOO_SLOW
    164: ReadOnlyError,  # READONLY
    241: OutOfMemoryError,  # MEMORY_LIMIT_EXCEEDED
    394: QueryKilledError,  # QUERY_WAS_CANCELLED
}

_TRANSIENT = frozenset(
    {
        159,  # TIMEOUT_EXCEEDED
        202,  # TOO_MANY_SIMULTANEOUS_QUERIES
        209,  # SOCKET_TIMEOUT
        210,  # NETWORK_ERROR
        216,  # QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING
        225,  # NO_ZOOKEEPER
        236,  # ABORTED: the server is stopping
        241,  # MEMORY_LIMIT_EXCEEDED
        242,  # TABLE_IS_READ_ONLY
        252,  # TOO_MANY_PARTS
        394,  # QUERY_WAS_CANCELLED
        999,  # KEEPER_EXCEPTION
    }
)

_LONGEST = 2_000
MOST_MESSAGE = 2 * _LONGEST
"""Longest message that is looked at: an exception quotes the whole statement, parameters included."""
_WRAPS = 8
"""Most layers that driver and server put around each other's sentences."""

_CODE = re.compile(r"\bCode:\s*(\d{1,9})")
_NAME = re.compile(r"\(([A-Z][A-Z0-9_]+)\)")
_WRAPPING = re.compile(
    r"^Received ClickHouse exception, code: \d++, server response: |\(for url [^()]*+\)\s*+$"
    r"|\s?\(version [^()]*+(?:\([^()]*+\))?+\)|^(?:(?:Code: \d++\. )?+DB::Exception: )++",
)


_TLS_OF_AIOHTTP = re.compile(r" ssl:(?:default|True|False|None|<[^<>]{0,200}>)(?= \[)")


def plain_text(error: Exception) -> str:
    """Return what an error says, without the `ssl:default` that aiohttp writes where there is no TLS too."""
    return _TLS_OF_AIOHTTP.sub("", str(error))


def translate(error: Exception) -> ClickHouseError:
    """Return our error for one of the driver's; to be raised `from` it."""
    text = plain_text(error)
    if isinstance(error, driver.DataError):
        return ClickHouseDataError(text)
    code = getattr(error, "code", None)
    if code is None and (found := _CODE.search(text)):
        code = int(found.group(1))
    if code is None:
        return ClickHouseUnavailableError(text or type(error).__name__)
    named = getattr(error, "name", None)
    if named is None:
        names = _NAME.findall(text)
        named = names[-1] if names else "UNKNOWN"
    kind = _CLASSES.get(code, ClickHouseQueryError)
    return kind(_readable(text), code=code, name=named)


def _readable(text: str) -> str:
    """Strip what the driver and the server wrap around the sentence a person needs."""
    text = _cut(text.strip(), MOST_MESSAGE)
    for _ in range(_WRAPS):
        previous, text = text, _WRAPPING.sub("", text).strip()
        if previous == text:
            break
    return _cut(text, _LONGEST)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"
