"""A service that is gone for a while: nobody listens on its port."""

import contextlib
import os
import signal
from random import Random
from typing import ClassVar

from tests.siege.ground import Ground, StackKind
from tests.siege.troubles.trouble import Trouble

_RED = {"broker": {"worker", "collector"}, "redis": set(), "database": {"worker", "api"}}


class Away(Trouble):
    """A real service is killed, and started again on its data later; the launcher would bring an embedded one back."""

    stacks: ClassVar[frozenset[StackKind]] = frozenset({"services"})
    heal_seconds = 25
    """The service itself has to start, and the worker's group has to form."""

    def __init__(self, target: str) -> None:
        self.name, self.target = f"away:{target}", target
        self.red = frozenset(_RED[target])
        if target == "redis":
            self.heal_seconds = 5

    def begin(self, ground: Ground) -> None:
        """Kill it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(ground.stack.pid_of(self.target), signal.SIGKILL)

    def end(self, ground: Ground) -> None:
        """Start it again on its data and wait until it answers."""
        ground.stack.restart_service(self.target)

    @classmethod
    def variants(cls, kind: StackKind) -> tuple[str, ...]:
        """Every service that is a process of its own."""
        return tuple(f"away:{name}" for name in _RED) if kind == "services" else ()

    @classmethod
    def make(cls, name: str, kind: StackKind, chance: Random) -> "Away":
        """Return the absence of the service that the name says."""
        return cls(name.partition(":")[2])
