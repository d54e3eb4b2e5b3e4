"""One spelling for one department: the organisation's own, else the first in the file."""

from collections.abc import Iterable

from app.people.texts import folded

MOST_REMEMBERED = 10_000
"""A file with more departments than this has something else in that column; later ones are taken as they are."""


class Spellings:
    """Gives departments the spelling they have already. Asking twice gives the same."""

    def __init__(self, existing: Iterable[str], *, keeps: bool) -> None:
        """Begin with the organisation's departments; with `keeps` every cell is taken as it is spelt."""
        self._known = {folded(name): name for name in existing}
        self._existing = frozenset(self._known)
        self._keeps = keeps

    def of(self, name: str) -> str:
        """Return how this department is spelt."""
        key = folded(name)
        if key not in self._known and len(self._known) < MOST_REMEMBERED:
            self._known[key] = name
        return name if self._keeps else self._known.get(key, name)

    def is_new(self, name: str) -> bool:
        """Tell whether the organisation had no such department, in any spelling, before the file."""
        return folded(name) not in self._existing
