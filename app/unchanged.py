"""What was made of a text, kept for as long as the text is the same: whoever reads it anew need not make it anew."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class _Made(NamedTuple, Generic[V]):
    text: str
    value: V


class Unchanged(Generic[K, V]):
    """Keeps the last value of each key, as many as `most_characters` of texts allow; the newest always."""

    def __init__(self, make: Callable[[str], V], *, most_characters: int) -> None:
        self._make = make
        self._most = most_characters
        self._known: OrderedDict[K, _Made[V]] = OrderedDict()
        self._characters = 0

    def of(self, key: K, text: str) -> V:
        """Return what `make` says of the text: the same object as the last time if the key's text is the same."""
        known = self._known.pop(key, None)
        if known is None or known.text != text:
            self._characters += len(text) - (len(known.text) if known else 0)
            known = _Made(text, self._make(text))
        self._known[key] = known
        while self._characters > self._most and len(self._known) > 1:
            self._characters -= len(self._known.popitem(last=False)[1].text)
        return known.value
