"""What a trouble is: it begins, it ends, and meanwhile readiness has to tell of it."""

from abc import ABC, abstractmethod
from random import Random
from typing import ClassVar

from tests.siege.ground import Ground, StackKind


class Trouble(ABC):
    """One fault with everything that chance decides about it decided: made anew for each time it happens."""

    stacks: ClassVar[frozenset[StackKind]] = frozenset({"embedded", "services"})
    hold_seconds: ClassVar[tuple[float, float]] = (8, 16)
    """How long it lasts, at least and at most."""
    heal_seconds: float = 5
    """How soon after its end everything has to be ready; more than 5 only where a process has to start or to join."""
    is_lossy: bool = False
    """Whether answered hits may be lost meanwhile: told and counted, never silently."""
    name: str
    red: frozenset[str] = frozenset()
    """Endpoints that have to be red within 5 s of its begin and until its end."""
    either: frozenset[str] = frozenset()
    """Endpoints that may be either; all others have to stay green."""

    @abstractmethod
    def begin(self, ground: Ground) -> None:
        """Let it happen."""

    @abstractmethod
    def end(self, ground: Ground) -> None:
        """Undo it; called once, also when the siege is broken off."""

    @classmethod
    @abstractmethod
    def variants(cls, kind: StackKind) -> tuple[str, ...]:
        """Return the names under which it happens on a stack."""

    @classmethod
    @abstractmethod
    def make(cls, name: str, kind: StackKind, chance: Random) -> "Trouble":
        """Return it as chance wants it."""
