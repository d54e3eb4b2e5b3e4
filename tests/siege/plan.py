"""The schedule: which trouble when, for how long. The same seed, stack and choice give the same one, without end."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tests.siege.ground import StackKind
from tests.siege.troubles import KINDS, Trouble


class NoSuchTroubleError(ValueError):
    """`--only` names nothing that happens on this stack; the message says what does."""


@dataclass(frozen=True)
class Step:
    """A rest, then a trouble for `hold_seconds`."""

    number: int
    rest_seconds: float
    trouble: Trouble
    hold_seconds: float


def names(kind: StackKind) -> list[str]:
    """Return every trouble that happens on a stack."""
    return [name for one in KINDS if kind in one.stacks for name in one.variants(kind)]


def steps(seed: int, kind: StackKind, only: str | None = None) -> Iterator[Step]:
    """Yield steps for ever: all troubles in an order of chance, then all again in another one.

    `only` is a name (`freeze:broker`) or its beginning (`freeze`). Raises `NoSuchTroubleError`.
    """
    chance = Random(seed)
    chosen = [name for name in names(kind) if only is None or name == only or name.startswith(f"{only}:")]
    if not chosen:
        raise NoSuchTroubleError(f"{only} does not happen on {kind}; choose from {', '.join(names(kind))}")
    makers = {name: one for one in KINDS for name in one.variants(kind)}
    number = 0
    while True:
        for name in chance.sample(chosen, len(chosen)):
            number += 1
            trouble = makers[name].make(name, kind, chance)
            yield Step(number, chance.uniform(1, 4), trouble, chance.uniform(*trouble.hold_seconds))
