"""One signature loaded again and again within seconds."""

from collections import defaultdict
from collections.abc import Hashable, Sequence

from app.classification.behaviour.model import BehaviourRule, Hit, Sighting
from app.classification.behaviour.windows import windows

HITS = 20
"""A pace of 120 a minute, above what the limit for one address and token lets count. A mail program loads an image once
or twice, and twenty people behind one address and with one mail program do not open the same message in the same ten
seconds, but for a mail to thousands: that is why this rule is the less sure one."""


def find(hits: Sequence[Hit], least: int) -> Sighting | None:
    """Return the first window with most hits on one token, if they are `least` or more."""
    by_token: dict[Hashable, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_token[hit.token].append(hit)
    best = max(
        (
            Sighting(at, 1, opens)
            for of_token in by_token.values()
            for at, opens, _ in windows(of_token, lambda hit: hit.token)
        ),
        key=lambda seen: (seen.opens, -seen.at),
        default=None,
    )
    return best if best is not None and best.opens >= least else None


RULE = BehaviourRule(
    name="burst",
    reason="behaviour_burst",
    says="This visitor loaded the same signature again and again within ten seconds.",
    confidence=0.7,
    threshold=HITS,
    find=find,
)
