"""Places in a source, as people count them: found once, so that asking for each of many stays linear."""

from bisect import bisect_right


class Places:
    """Lines and columns of a text, both counted from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        at = -1
        while (at := text.find("\n", at + 1)) != -1:
            self._starts.append(at + 1)

    def of(self, at: int) -> tuple[int, int]:
        """Return line and column of a position."""
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1
