"""A disk that takes nothing more, for one process: a limit on the size of its files, which needs no root.

It is set from outside (`prlimit --fsize`). The process sees `EFBIG` where a full disk says `ENOSPC`; files that are
there can still be read and deleted.
"""

import resource
from random import Random

import psutil

from tests.siege.ground import Ground, StackKind
from tests.siege.troubles.trouble import Trouble

_RED = {"collector": ({"collector"}, set()), "clickhouse": ({"worker"}, {"api"})}


class FullDisk(Trouble):
    """No file of a process can grow."""

    def __init__(self, target: str) -> None:
        self.name, self.target = f"full_disk:{target}", target
        red, either = _RED[target]
        self.red, self.either = frozenset(red), frozenset(either)
        self.is_lossy = target == "collector"

    def begin(self, ground: Ground) -> None:
        """Set the limit to one byte."""
        self._limit(ground, 1)

    def end(self, ground: Ground) -> None:
        """Take the limit away."""
        self._limit(ground, resource.RLIM_INFINITY)

    def _limit(self, ground: Ground, size: int) -> None:
        for process in ground.family(self.target):
            _, hard = process.rlimit(psutil.RLIMIT_FSIZE)
            process.rlimit(psutil.RLIMIT_FSIZE, (size, hard))

    @classmethod
    def variants(cls, kind: StackKind) -> tuple[str, ...]:
        """The two that write what must not be lost."""
        return tuple(f"full_disk:{name}" for name in _RED)

    @classmethod
    def make(cls, name: str, kind: StackKind, chance: Random) -> "FullDisk":
        """Return the full disk of the process that the name says."""
        return cls(name.partition(":")[2])
