"""Signatures of more people within seconds than anybody reads."""

from collections.abc import Sequence

from app.classification.behaviour.model import BehaviourRule, Hit, Sighting
from app.classification.behaviour.windows import windows

TOKENS = 30
"""In simulated days (`benchmarks/behaviour.py`) the smallest of 5, 10, 15 … that takes back no more than 1 % of the
opens of any single reader, even of a colleague who pages through nothing but colleagues' mail; a machine that walks a
mailbox at one message a second or faster, or tokens it has collected, is still found."""


def find(hits: Sequence[Hit], tokens: int) -> Sighting | None:
    """Return the first window with the tokens of most people, if they are `tokens` or more."""
    best = max(
        (Sighting(at, people, opens) for at, opens, people in windows(hits, lambda hit: hit.person)),
        key=lambda seen: (seen.tokens, -seen.at, seen.opens),
        default=None,
    )
    return best if best is not None and best.tokens >= tokens else None


RULE = BehaviourRule(
    name="many_tokens",
    reason="behaviour_many_tokens",
    says="This visitor loaded the signatures of many different people within ten seconds, faster than anybody reads.",
    confidence=0.85,
    threshold=TOKENS,
    find=find,
)
