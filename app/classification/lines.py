"""Reads one JSON line of `heliograph classify`: generous about what logs hold, plain about what does not fit."""

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from app.classification.behaviour.across import Visit
from app.classification.model import PURPOSE_HEADERS, HitFacts, joined_purpose
from app.ip_addresses import canonical_address

_UNITS = ((10**11, 1000.0), (10**14, 1.0), (10**17, 1e-3), (10**20, 1e-6))
"""A number below the first is seconds since 1970 (until the year 5138), then ms (since March 1973), µs, ns."""
_TIMES = "ISO 8601, or seconds or milliseconds since 1970"
_EXAMPLE = '{"user_agent": "Mozilla/5.0"}'


class LineError(ValueError):
    """A line of the input does not fit; the message names the field and says what is expected."""


def read_line(line: bytes) -> dict[str, Any]:
    """Parse a line. Raises `LineError`. Bytes that are no UTF-8 become U+FFFD, halves of surrogate pairs a `?`."""
    text = line.removeprefix(b"\xef\xbb\xbf").strip()
    if not text:
        raise LineError(f"the line is empty; a line is an object, such as {_EXAMPLE}")
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        given = _read_odd(text, error)
    if not isinstance(given, dict):
        raise LineError(f"a line must be an object, such as {_EXAMPLE}")
    return given


def _read_odd(text: bytes, error: orjson.JSONDecodeError) -> Any:
    """Read what strict JSON refuses in user agents out of logs: Latin-1, control characters, broken escapes."""
    try:
        return json.loads(text.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError):
        raise LineError(f"not JSON: {error}") from error


def read_facts(given: dict[str, Any], names: Callable[[str], tuple[str, ...]]) -> HitFacts:
    """Return the facts of a line; `names` looks an address up (`NetworkTable.names`). Raises `LineError`.

    A user agent of null is a request without that header. Without `at`, `sent_at` says nothing. Unknown fields are
    ignored.
    """
    headers = _headers(given.get("headers"))
    if "user_agent" not in given and "user-agent" not in headers:
        raise LineError(f"user_agent is missing{_meant(given)}; an empty one is written as an empty string")
    address = read_address(given)
    at, sent_at = read_time(given, "at"), read_time(given, "sent_at")
    return HitFacts(
        user_agent=headers.get("user-agent", "") if given.get("user_agent") is None else _text(given, "user_agent"),
        method=_text(given, "method").strip().upper() or "GET",
        purpose=joined_purpose(value for name, value in headers.items() if name in PURPOSE_HEADERS),
        networks=names(address) if address else (),
        at=at or 0,
        sent_at=sent_at if at is not None else None,
    )


def read_visit(given: dict[str, Any], facts: HitFacts) -> Visit | None:
    """Return what a line says of its visitor; None unless it has `at`, `address` and `token`. Raises `LineError`."""
    at, address, token = read_time(given, "at"), read_address(given), _text(given, "token")
    return Visit(at, address, facts.user_agent, token) if at is not None and address and token else None


def read_address(given: dict[str, Any]) -> str:
    """Return the canonical address, without what proxies appended; empty if there is none."""
    return canonical_address(_text(given, "address").partition(",")[0].strip())


def read_time(given: dict[str, Any], name: str) -> int | None:
    """Return ms since epoch. A time without a zone is UTC; a number may be written as text."""
    value = given.get(name)
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            return _written_time(value.strip())
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _number_of_ms(value)
    except (ValueError, OverflowError) as error:
        raise LineError(f"{name} must be {_TIMES}, not {value!r}") from error
    raise LineError(f"{name} must be {_TIMES}, not {value!r}")


def _number_of_ms(value: float) -> int:
    if math.isfinite(value):
        for below, factor in _UNITS:
            if abs(value) < below:
                return int(value * factor)
    raise ValueError("not a time")


def _written_time(value: str) -> int:
    try:
        return _number_of_ms(float(value))
    except ValueError:
        pass
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        parsed = parsedate_to_datetime(value)  # as in a mail's Date header; raises ValueError too
    return int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() * 1000)


def _headers(given: object) -> dict[str, str]:
    """Return headers by lower-case name; a name that came twice has both values."""
    if given is None:
        return {}
    if isinstance(given, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in given):
        pairs = [(str(name), value) for name, value in given]
    elif isinstance(given, dict):
        pairs = list(given.items())
    else:
        raise LineError('headers must be an object, such as {"Purpose": "prefetch"}')
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if value is not None:
            found.setdefault(name.strip().lower(), []).extend(map(str, value if isinstance(value, list) else [value]))
    return {name: _whole(", ".join(values)) for name, values in found.items()}


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise LineError(f"{name} must be text, not {type(value).__name__}")
    return _whole(value)


def _whole(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _meant(given: dict[str, Any]) -> str:
    """Name the field that was probably meant: `userAgent`, `User-Agent`, `ua`."""
    like = next((name for name in given if name.lower().replace("-", "").replace("_", "") in ("useragent", "ua")), None)
    return f' (there is "{_whole(like)}")' if like else ""
