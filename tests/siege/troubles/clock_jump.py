"""The wall clock of our processes jumps, forwards or back, and later jumps to the true time again."""

from random import Random

from tests.siege.ground import Ground, StackKind
from tests.siege.troubles.trouble import Trouble

_JUMPS_SECONDS = {"back": (-3 * 3600, -600, -5), "forward": (5, 600, 3600)}


class ClockJump(Trouble):
    """Nothing may happen: no second of the wall clock decides what is kept, sent or stored."""

    def __init__(self, name: str, seconds: int) -> None:
        self.name, self._seconds = name, seconds

    def begin(self, ground: Ground) -> None:
        """Jump."""
        if ground.clock is not None:
            ground.clock.shift(self._seconds)

    def end(self, ground: Ground) -> None:
        """Jump to the true time."""
        if ground.clock is not None:
            ground.clock.shift(0)

    @classmethod
    def variants(cls, kind: StackKind) -> tuple[str, ...]:
        """Both directions."""
        return tuple(f"clock:{direction}" for direction in _JUMPS_SECONDS)

    @classmethod
    def make(cls, name: str, kind: StackKind, chance: Random) -> "ClockJump":
        """Return a jump of seconds, minutes or hours."""
        return cls(name, chance.choice(_JUMPS_SECONDS[name.partition(":")[2]]))
