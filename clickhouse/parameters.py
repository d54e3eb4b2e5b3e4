"""Python values as typed parameters: times in UTC to the millisecond, and nothing that a server would refuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

LIMIT_BYTES = 120_000
"""Parameters too long for a URL travel as form fields, and a server refuses a field of more than 128 KiB."""

_ESCAPED = frozenset("\\'`\t\n")
"""What the driver escapes in a text."""


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A text in which nothing has to be escaped. The driver looks at each character of a `str` by itself, which for
    100 kB of ids takes longer than all else in the question; of what it does not know it takes `str(value)`."""

    text: str

    def __str__(self) -> str:
        return self.text


def bind(parameters: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters as the driver takes them; `ValueError` for a time without a zone or too long a value."""
    bound = {name: _bindable(name, value) for name, value in parameters.items()}
    for name, value in bound.items():
        if (size := _size(value)) > LIMIT_BYTES:
            raise ValueError(f"parameter {name} of {size} bytes is too long for one query: ask in several")
    return bound


def _bindable(name: str, value: object) -> object:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"parameter {name} is a time without a zone")
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}"
    if isinstance(value, str) and _ESCAPED.isdisjoint(value):
        return Verbatim(value)
    return value


def _size(value: object) -> int:
    """Return about how many bytes a parameter takes."""
    if isinstance(value, list | tuple):
        return sum(len(str(item)) + 3 for item in value)
    return len(str(value)) if isinstance(value, str | Verbatim) else 0
