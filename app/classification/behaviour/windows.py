"""The window that slides over the times of hits."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence

from app.classification.behaviour.model import Hit

WINDOW_MS = 10_000
"""Longest distance of two hits that are looked at together, exclusive."""


def windows(
    hits: Sequence[Hit], key: Callable[[Hit], Hashable], width_ms: int = WINDOW_MS
) -> Iterator[tuple[int, int, int]]:
    """Yield (first hit's time, hits, different keys) for the window that begins with each hit; `hits` are by time.

    Every set of hits within `width_ms` lies in one of these windows. Takes linear time.
    """
    inside: Counter[Hashable] = Counter()
    end = 0
    for start, first in enumerate(hits):
        while end < len(hits) and hits[end].at < first.at + width_ms:
            inside[key(hits[end])] += 1
            end += 1
        yield first.at, end - start, len(inside)
        leaving = key(first)
        inside[leaving] -= 1
        if not inside[leaving]:
            del inside[leaving]
