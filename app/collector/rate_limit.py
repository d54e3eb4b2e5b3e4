"""How often one address has asked for one token in this minute, and whether that is too often (SPEC H5).

Windows are fixed: the minutes of the UTC clock. The first `limit` hits of a pair of address and token in a minute are
within it, every later one is over; the next minute begins anew. The decision is taken once, when the hit arrives, and
stands in its line of the spool: a frame that is sent again cannot change it. Addresses are held in memory for the
minute, as they came; what collectors tell each other about them (`rate_exchange`) is a keyed hash.
"""

from collections.abc import Iterable
from typing import NamedTuple

Pair = tuple[str, str]
"""An address and a token."""

WINDOW_MS = 60_000
MAX_PAIRS = 65_536
"""Pairs held at once, some 15 MB. When there are more, the least frequent are forgotten."""


class Heavy(NamedTuple):
    """Hits of one pair that the other collectors have not been told of yet."""

    pair: Pair
    hits: int


class RateLimiter:
    """Counts pairs in the present minute. `is_over` is for the hot path: 0.3 µs, no I/O.

    It never calls a hit over the limit unless `limit` hits of its pair came before it in the minute. Alone it is
    exact, but for floods of more than `MAX_PAIRS` pairs: a pair that is forgotten begins anew.
    """

    def __init__(self, limit: int, *, max_pairs: int = MAX_PAIRS) -> None:
        if limit < 1:
            raise ValueError("a limit is at least 1; without one, use no limiter")
        self.limit = limit
        self.floor = max(1, limit // 10)
        """A pair is heavy from this many hits on: only then is it looked up and told to other collectors."""
        self._max_pairs = max_pairs
        self.window = 0
        """The present minute, counted from the epoch."""
        self._hits: dict[Pair, int] = {}
        self._told: dict[Pair, int] = {}
        self._elsewhere: dict[Pair, int] = {}
        self._heavy: set[Pair] = set()

    def is_over(self, address: str, token: str, at_ms: int) -> bool:
        """Count a hit; say whether it is beyond the limit of its pair."""
        window = at_ms // WINDOW_MS
        if window != self.window and window != self.window - 1:  # a clock set back a little is still this minute
            self._begin(window)
        pair = (address, token)
        hits = self._hits.get(pair, 0) + 1
        self._hits[pair] = hits
        if hits < self.floor:
            if hits == 1 and len(self._hits) > self._max_pairs:
                self._forget_rare()
            return False
        self._heavy.add(pair)
        return hits + self._elsewhere.get(pair, 0) > self.limit

    def untold(self) -> list[Heavy]:
        """Return what is to be told to other collectors, and hold it for told: better once too few than twice."""
        found = [Heavy(pair, self._hits[pair] - self._told.get(pair, 0)) for pair in self._heavy]
        self._heavy.clear()
        for pair, hits in found:
            self._told[pair] = self._told.get(pair, 0) + hits
        return found

    def learn(self, window: int, totals: Iterable[tuple[Pair, int]]) -> None:
        """Take in how many hits of a pair all collectors have told of; nothing, if that minute is over."""
        if window != self.window:
            return
        for pair, total in totals:
            self._elsewhere[pair] = max(0, total - self._told.get(pair, 0))

    def _begin(self, window: int) -> None:
        self.window = window
        self._hits, self._told, self._elsewhere = {}, {}, {}
        self._heavy.clear()

    def _forget_rare(self) -> None:
        """Make room: forget the pairs below the floor; if that leaves more than half, the next rarest too."""
        least = self.floor
        while len(self._hits) > self._max_pairs // 2:
            self._hits = {pair: hits for pair, hits in self._hits.items() if hits >= least}
            least *= 2
        self._told = {pair: hits for pair, hits in self._told.items() if pair in self._hits}
        self._elsewhere = {pair: hits for pair, hits in self._elsewhere.items() if pair in self._hits}
        self._heavy.intersection_update(self._hits)
