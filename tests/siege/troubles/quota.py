"""The spool's quota is reached: the broker is silent while more hits come than may be kept."""

from random import Random
from typing import ClassVar

from tests.siege.ground import Ground, StackKind
from tests.siege.troubles.freeze import Freeze
from tests.siege.troubles.trouble import Trouble

_HITS_PER_SECOND = 2_000


class Quota(Trouble):
    """Hits pile up until the newest are dropped, counted."""

    hold_seconds: ClassVar[tuple[float, float]] = (15, 20)
    heal_seconds = 30
    """The group forms again, and some thousand hits are stored."""
    is_lossy = True
    name = "quota"
    red = frozenset({"collector", "worker"})

    def __init__(self) -> None:
        self._broker = Freeze("broker")

    def begin(self, ground: Ground) -> None:
        """Stop the broker and knock much more often."""
        self._broker.begin(ground)
        ground.blasts.append(_HITS_PER_SECOND)

    def end(self, ground: Ground) -> None:
        """Knock as before, let the broker go on."""
        ground.blasts.clear()
        self._broker.end(ground)

    @classmethod
    def variants(cls, kind: StackKind) -> tuple[str, ...]:
        """One."""
        return ("quota",)

    @classmethod
    def make(cls, name: str, kind: StackKind, chance: Random) -> "Quota":
        """Return it; nothing about it is chance."""
        return cls()
