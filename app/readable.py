"""Refuses text that no store and no answer can hold, at one place for every route, before anything reads it."""

from collections.abc import Iterator
from typing import Any

from fastapi import Request

from app.errors import BadInputError

_MOST_KEPT = 80
"""Characters of a field's name: the caller may have made it as long as the body, and put 100,000 items under it."""


async def check_readable(request: Request) -> None:
    """Raise `BadInputError` for U+0000 and halves of surrogate pairs in path, query or JSON body, naming the field.

    PostgreSQL's text has no U+0000; a lone surrogate is not Unicode and cannot be sent back. SQLite would take the one
    and the driver break on the other: what is refused must not depend on the store.
    """
    for name, value in request.path_params.items():
        _check(str(name), value)
    for name, value in request.query_params.multi_items():
        _check(name, name)
        _check(name, value)
    body = getattr(request, "_json", None)  # parsed by the framework already, where the route has a JSON body
    for field, text in _texts(body):
        _check(field, text)


def _check(field: str, text: Any) -> None:
    if isinstance(text, str) and not is_readable(text):
        shown = readable(field)
        raise BadInputError(
            f"{shown}: has U+0000 or half of a surrogate pair, which no text holds; remove it.", field=shown
        )


def is_readable(text: str) -> bool:
    """Tell whether every store can keep the text and every answer carry it."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= one <= "\udfff" for one in text))


def readable(text: str) -> str:
    """Return the text with a replacement character for each that cannot be sent."""
    return text if is_readable(text) else text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _texts(body: Any) -> Iterator[tuple[str, str]]:
    """Yield (field as the caller wrote it, text) of every key and value; without recursion, bodies may be deep."""
    left: list[tuple[str, Any]] = [("", body)]
    while left:
        where, value = left.pop()
        if isinstance(value, str):
            yield where or "body", value
        elif isinstance(value, dict):
            for key, inner in value.items():
                field = f"{where}.{key}"[:_MOST_KEPT] if where else key[:_MOST_KEPT]
                yield field, key
                left.append((field, inner))
        elif isinstance(value, list):
            left.extend((f"{where}.{index}".lstrip("."), inner) for index, inner in enumerate(value))
