"""Redaction of log events: nothing personal, nothing endless, and no control character of somebody else's.

Every pattern here is linear in the text, because anybody may send text that is logged.
"""

import re
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

REDACTED = "[redacted]"
MOST_CHARACTERS = 2_000
"""Longest logged text; the middle of a longer one is left out."""
MOST_TRACEBACK_CHARACTERS = 16_000
MOST_ITEMS = 100
"""Most items of a logged list or mapping."""
TRACEBACKS = frozenset({"exception", "stack"})
"""Fields that structlog renders as several lines."""

_ADDRESS_CHARACTERS = 320
"""Longest e-mail address: so much is dropped at a cut, unless a blank stands in it, so that no half of one is shown."""
_PERSONAL_KEYS = re.compile(
    r"passw|secret|token|cookie|authorization|api_?key|csrf|salt|e_?mail|phone|user_agent|^ip$|_ip$|address|visitor",
    re.IGNORECASE,
)
_PERSONAL_TEXT = (
    re.compile(r"(?<=://)[^/\s?#]{1,2000}(?=@)"),  # user:password of a URL: all before the last @
    re.compile(r"(?<![\w.+-])[\w.+-]++(?:@|＠|%(?:25)?40)[\w-]++(?:\.[\w-]++)*+"),  # e-mail addresses
    re.compile(r"\bhg_[\w-]{8,}+"),  # API keys
    re.compile(
        r"(?:(?<=/signin/)|(?<=/invitation/)|(?<=/t/u/)|(?<=/t/p/)|(?<=//)|(?<=token=))[\w-]{16,}+", re.IGNORECASE
    ),
    re.compile(r"\b(?!127\.)(?:\d{1,3}\.){3}\d{1,3}\b"),  # IPv4, but for loopback
    re.compile(r"\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b|\b(?:[0-9a-f]{1,4}:){1,6}:[0-9a-f:]*+", re.IGNORECASE),
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Ends a line, steers a terminal, turns the direction of what follows, or cannot be written."""


def redact(value: Any) -> Any:
    """Return a value fit for the log, at any depth: nothing that looks personal or secret, cut, on one line.

    Numbers and None stay what they are; whatever is no text, list or mapping becomes its `repr`.
    """
    if isinstance(value, str):
        return _escaped(_redacted(_cut(value, MOST_CHARACTERS)))
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Mapping):
        items = {_name(key): _of_key(key, item) for key, item in islice(value.items(), MOST_ITEMS)}
        return items if len(value) <= MOST_ITEMS else items | {"…": f"{len(value) - MOST_ITEMS} more"}
    if isinstance(value, list | tuple | set | frozenset):
        some = [redact(item) for item in islice(value, MOST_ITEMS)]
        return some if len(value) <= MOST_ITEMS else [*some, f"… {len(value) - MOST_ITEMS} more"]
    return redact(repr(value))


def redact_traceback(text: str) -> str:
    """Return a traceback fit for the log: its lines stay lines, indented, so that none can pass for an event."""
    lines = map(redact, _cut(text, 8 * MOST_TRACEBACK_CHARACTERS).splitlines())
    return _cut("\n".join(f"  {line}" for line in lines), MOST_TRACEBACK_CHARACTERS)


def redact_event(event: Mapping[str, Any]) -> dict[str, Any]:
    """Redact the fields of a log event. Tracebacks keep their lines."""
    tracebacks = {name: redact_traceback(event[name]) for name in TRACEBACKS if isinstance(event.get(name), str)}
    redacted: dict[str, Any] = redact({name: value for name, value in event.items() if name not in tracebacks})
    return redacted | tracebacks


def _name(key: object) -> str:
    return _escaped(str(key)[:MOST_CHARACTERS])


def _of_key(key: object, item: object) -> Any:
    return REDACTED if item and _PERSONAL_KEYS.search(_name(key)) else redact(item)


def _redacted(text: str) -> str:
    for pattern in _PERSONAL_TEXT:
        text = pattern.sub(REDACTED, text)
    return text


def _cut(text: str, most: int) -> str:
    """Return the beginning and the end of a text that is too long, without the words that the cut goes through."""
    if len(text) <= most:
        return text
    half = most // 2
    head, tail = text[:half], text[-half:]
    head = head[:-_ADDRESS_CHARACTERS] + _without(head[-_ADDRESS_CHARACTERS:], str.rpartition, 0)
    tail = _without(tail[:_ADDRESS_CHARACTERS], str.partition, 2) + tail[_ADDRESS_CHARACTERS:]
    return f"{head} … {len(text) - len(head) - len(tail):,} characters left out … {tail}"


def _without(edge: str, cut: Callable[[str, str], tuple[str, str, str]], kept: int) -> str:
    """Return the side of an edge that is whole words; nothing where there is no blank."""
    pieces = cut(edge, " ")
    return pieces[kept] if pieces[1] else ""


def _escaped(text: str) -> str:
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), text)
