"""Whether records that wait are acknowledged at all: what stops a partition without anybody noticing shows here."""

import time
from collections.abc import Callable, Mapping

STALLED_SECONDS = 30.0
"""Longer than a batch takes, however large it is; everything known to be in the way is told long before."""


class Progress:
    """Compares what Kafka says at each look: the end of each partition, and up to where it is acknowledged."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._moved: dict[str, tuple[int, float]] = {}
        self.lag: dict[str, int] = {}
        """Records not yet acknowledged, by `topic[partition]`."""
        self.is_measured = False
        """False from each new assignment until Kafka has said where its partitions end."""

    def forget(self) -> None:
        """Begin anew: the group is rebalanced."""
        self._moved, self.lag, self.is_measured = {}, {}, False

    def measured(self, partitions: Mapping[str, tuple[int, int]]) -> None:
        """Take in (end, acknowledged) of each partition."""
        now = self._clock()
        for name, (end, acknowledged) in partitions.items():
            before, _ = self._moved.get(name, (None, now))
            if acknowledged >= end or acknowledged != before:
                self._moved[name] = (acknowledged, now)
        self.lag = {name: max(0, end - acknowledged) for name, (end, acknowledged) in partitions.items()}
        self.is_measured = True

    def excuse(self) -> None:
        """Count anew: it is known what is in the way at this moment, and told."""
        now = self._clock()
        self._moved = {name: (acknowledged, now) for name, (acknowledged, _) in self._moved.items()}

    def stalled(self) -> dict[str, float]:
        """Return partitions of whose records none was acknowledged for too long, with the seconds since the last."""
        now = self._clock()
        since = {name: now - self._moved[name][1] for name, lag in self.lag.items() if lag}
        return {name: seconds for name, seconds in sorted(since.items()) if seconds > STALLED_SECONDS}
