"""A disk that takes nothing more, for the collector: a limit on the size of its files, which needs no root.

It is set from outside (`prlimit --fsize`). The process sees `EFBIG` where a full disk says `ENOSPC`; files that are
there can still be read and deleted. Not for ClickHouse: it looks for free space before it writes, finds some, and
then takes writes that were cut short for done, which a disk that is really full does not make it do.
"""

import resource
from random import Random

import psutil

from tests.siege.ground import Ground, StackKind
from tests.siege.troubles.trouble import Trouble


class FullDisk(Trouble):
    """No file of the collector can grow."""

    name = "full_disk"
    red = frozenset({"collector"})
    is_lossy = True

    def begin(self, ground: Ground) -> None:
        """Set the limit to one byte."""
        self._limit(ground, 1)

    def end(self, ground: Ground) -> None:
        """Take the limit away."""
        self._limit(ground, resource.RLIM_INFINITY)

    def _limit(self, ground: Ground, size: int) -> None:
        for process in ground.family("collector"):
            _, hard = process.rlimit(psutil.RLIMIT_FSIZE)
            process.rlimit(psutil.RLIMIT_FSIZE, (size, hard))

    @classmethod
    def variants(cls, kind: StackKind) -> tuple[str, ...]:
        """One."""
        return ("full_disk",)

    @classmethod
    def make(cls, name: str, kind: StackKind, chance: Random) -> "FullDisk":
        """Return it; nothing about it is chance."""
        return cls()
