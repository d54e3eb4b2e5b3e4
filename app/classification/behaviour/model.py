"""What behaviour rules look at, and what they say."""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

from schemas.events import OpenClass


class Hit(NamedTuple):
    """One hit of one visitor on one organisation's tokens. `at` is ms since epoch, UTC."""

    at: int
    person: Hashable
    """Whose signature it is. Two pixels of one signature, or an old and a new one, are one person's."""
    token: Hashable
    """The pixel itself."""


class Sighting(NamedTuple):
    """The window in which a rule saw most."""

    at: int
    """First hit of the window, ms since epoch."""
    tokens: int
    """Different people's tokens in it."""
    opens: int
    """Hits in it."""


class BehaviourRule(NamedTuple):
    """A named rule over the hits of one visitor. `find` takes hits by time, and passes with None.

    What it finds depends on the set of hits alone, and more hits never take a finding away.
    """

    name: str
    reason: str
    """The code that an open shows."""
    says: str
    """The sentence that explains the code."""
    confidence: float
    threshold: int
    """The rule needs so many; an installation may choose another number, 0 switches the rule off."""
    find: Callable[[Sequence[Hit], int], Sighting | None]


class Finding(NamedTuple):
    """A visitor that is no person: by which rule of which ruleset, and where it was seen."""

    open_class: OpenClass
    rule: BehaviourRule
    ruleset: int
    seen: Sighting


class BehaviourRuleset(NamedTuple):
    """An ordered list of rules, first match wins: a visitor needs to be found once."""

    number: int
    rules: tuple[BehaviourRule, ...]
