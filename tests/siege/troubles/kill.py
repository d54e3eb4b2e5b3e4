"""`kill -9` of one process: the launcher brings it back, or we do where it is a service of its own."""

from random import Random
from typing import ClassVar

from tests.siege.ground import ENDPOINTS, Ground, StackKind
from tests.siege.troubles.trouble import Trouble

_OWN = ("collector", "worker", "broker", "clickhouse", "redis", "api")


class Kill(Trouble):
    """A process dies where it stands."""

    hold_seconds: ClassVar[tuple[float, float]] = (0, 0)
    heal_seconds = 45
    """A process has to start, and its group has to notice that the old member is gone."""
    either = frozenset(ENDPOINTS)

    def __init__(self, target: str) -> None:
        self.name, self.target = f"kill:{target}", target

    def begin(self, ground: Ground) -> None:
        """Kill it; a real service is started again at once."""
        ground.stack.kill(self.target)

    def end(self, ground: Ground) -> None:
        """Nothing to undo."""

    @classmethod
    def variants(cls, kind: StackKind) -> tuple[str, ...]:
        """Every process, and the relational store where it is one."""
        return tuple(f"kill:{name}" for name in (*_OWN, *(("database",) if kind == "services" else ())))

    @classmethod
    def make(cls, name: str, kind: StackKind, chance: Random) -> "Kill":
        """Return the kill of the process that the name says."""
        return cls(name.partition(":")[2])
