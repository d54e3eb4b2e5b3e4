"""Judges a number of hits across: what `heliograph classify --across` does with its lines, without any service."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from app.classification.behaviour.exempt import is_exempt
from app.classification.behaviour.model import Finding, Hit
from app.classification.behaviour.ruleset import judge
from app.classification.model import Classification

_DAY_MS = 86_400_000


class Visit(NamedTuple):
    """A hit of which enough is known to see it beside others."""

    at: int
    """ms since epoch, UTC."""
    address: str
    user_agent: str
    token: str


class Judged(NamedTuple):
    """A hit, its class by itself, and the networks of its address; `visit` is None if it stands alone."""

    visit: Visit | None
    found: Classification
    networks: tuple[str, ...]


def correct(hits: Sequence[Judged], thresholds: Mapping[str, int]) -> list[Classification]:
    """Return the class of each hit, in order: that of its visitor where rules across hits found a machine behind it.

    As in the product a visitor is address and user agent of one UTC day, and only people's hits are judged.
    """
    visitors: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for number, (visit, found, networks) in enumerate(hits):
        if visit is not None and found.open_class == "human" and not is_exempt(networks):
            visitors[visit.at // _DAY_MS, visit.address, visit.user_agent].append(number)
    classes = [hit.found for hit in hits]
    for numbers in visitors.values():
        visits = [visit for number in numbers if (visit := hits[number].visit) is not None]
        finding = judge([Hit(visit.at, visit.token, visit.token) for visit in visits], thresholds=thresholds)
        if finding is not None:
            for number in numbers:
                classes[number] = _corrected(classes[number], finding)
    return classes


def _corrected(found: Classification, finding: Finding) -> Classification:
    rule = finding.rule
    return found._replace(open_class=finding.open_class, confidence=rule.confidence, reasons=(rule.reason,))
