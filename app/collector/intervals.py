"""A set of integers kept as disjoint half-open intervals: what of a segment has a receipt."""

from bisect import bisect_left, bisect_right


class IntervalSet:
    """Grows by `add`; answers what is covered and what is missing."""

    __slots__ = ("_ends", "_starts")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, start: int, end: int) -> None:
        """Add [start, end); touching intervals become one. An empty interval changes nothing."""
        if start >= end:
            return
        first = bisect_left(self._ends, start)
        last = bisect_right(self._starts, end)
        if first < last:
            start = min(start, self._starts[first])
            end = max(end, self._ends[last - 1])
        self._starts[first:last] = [start]
        self._ends[first:last] = [end]

    def covers(self, start: int, end: int) -> bool:
        """Whether every integer of [start, end) is in the set."""
        if start >= end:
            return True
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and self._ends[at] >= end

    def missing(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the parts of [start, end) that are not in the set, in order."""
        gaps = []
        at = start
        for known_start, known_end in zip(self._starts, self._ends, strict=True):
            if known_end <= at:
                continue
            if known_start >= end:
                break
            if known_start > at:
                gaps.append((at, known_start))
            at = known_end
        if at < end:
            gaps.append((at, end))
        return gaps
