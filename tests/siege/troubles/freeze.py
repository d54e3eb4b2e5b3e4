"""SIGSTOP: a process that keeps its connections and says nothing, as a machine that swaps or a disk that hangs."""

import signal
from random import Random
from typing import ClassVar

from tests.siege.ground import Ground, StackKind
from tests.siege.troubles.trouble import Trouble

_RED = {
    "clickhouse": ({"worker", "api"}, set()),
    "broker": ({"worker", "collector"}, set()),
    "redis": (set(), set()),  # losing it loses no data: live numbers are polled
    "worker": ({"worker"}, set()),
    "collector": ({"collector"}, set()),
    "api": ({"api"}, set()),
    "database": ({"worker", "api"}, set()),
}
"""Who stands still → who has to be red, who may be."""
_JOINS_AGAIN_SECONDS = 20
"""A worker that was thrown out of its group, or whose broker was silent, has to join again before it stores."""


class Freeze(Trouble):
    """A process, and all it has started, stands still."""

    hold_seconds: ClassVar[tuple[float, float]] = (9, 20)

    def __init__(self, target: str) -> None:
        self.name, self.target = f"freeze:{target}", target
        red, either = _RED[target]
        self.red, self.either = frozenset(red), frozenset(either)
        if target in ("worker", "broker"):
            self.heal_seconds = _JOINS_AGAIN_SECONDS

    def begin(self, ground: Ground) -> None:
        """Stop it."""
        ground.signal(self.target, signal.SIGSTOP)

    def end(self, ground: Ground) -> None:
        """Let it go on."""
        ground.signal(self.target, signal.SIGCONT)

    @classmethod
    def variants(cls, kind: StackKind) -> tuple[str, ...]:
        """Every process, and the relational store where it is one."""
        return tuple(f"freeze:{name}" for name in _RED if name != "database" or kind == "services")

    @classmethod
    def make(cls, name: str, kind: StackKind, chance: Random) -> "Freeze":
        """Return the standstill of the process that the name says."""
        return cls(name.partition(":")[2])
