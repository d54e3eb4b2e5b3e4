"""Finds the visitors of a span that were no persons: a cheap question for candidates, then their exact times."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from app.classification.behaviour.exempt import is_exempt
from app.classification.behaviour.model import Finding, Hit
from app.classification.behaviour.ruleset import BEHAVIOUR_RULESET, BEHAVIOUR_RULESETS, judge
from app.classification.behaviour.windows import WINDOW_MS
from clickhouse.client import ClickHouse
from schemas.events import VisitorReclassified
from streams.spans import Span

HITS_AT_ONCE = 20_000
"""Opens of one visitor held in memory: a machine may make millions in an hour, and is found by the first of them."""
_IDS = uuid5(NAMESPACE_OID, "heliograph.visitor_reclassified")

Thresholds = Mapping[str, int]
"""What each rule needs, by its name; 0 switches it off."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    organisation_id: UUID
    visitor_id: str
    first_at: datetime
    last_at: datetime


async def find_visitors(
    clickhouse: ClickHouse, span: Span, thresholds: Thresholds, *, now: datetime
) -> AsyncIterator[VisitorReclassified]:
    """Yield what rules across hits find in a span and what is not stored yet."""
    from_at, until_at = span.around
    rows = await clickhouse.query(
        "behaviour_candidates",
        {
            "from_at": from_at,
            "until_at": until_at,
            "min_people": thresholds["many_tokens"],
            "min_opens": thresholds["burst"],
        },
    )
    for row in rows:
        candidate = _Candidate(row["organisation_id"], row["visitor_id"], row["first_at"], row["last_at"])
        finding = await _judge(clickhouse, candidate, thresholds)
        if finding is not None:
            yield reclassified(finding, candidate.organisation_id, candidate.visitor_id, now=now)


def reclassified(finding: Finding, organisation_id: UUID, visitor: str, *, now: datetime) -> VisitorReclassified:
    """Return the event of a finding; found again it has the same id."""
    return VisitorReclassified(
        id=str(uuid5(_IDS, f"{organisation_id}:{visitor}:{finding.rule.name}:{finding.ruleset}")),
        at=finding.seen.at,
        organisation_id=str(organisation_id),
        open_date=datetime.fromtimestamp(finding.seen.at / 1000, UTC).date(),
        visitor=visitor,
        open_class=finding.open_class,
        confidence=finding.rule.confidence,
        reasons=(finding.rule.reason,),
        rule=finding.rule.name,
        ruleset=finding.ruleset,
        tokens=finding.seen.tokens,
        opens=finding.seen.opens,
        decided_at=int(now.timestamp() * 1000),
    )


def thresholds_of(**settings: int) -> dict[str, int]:
    """Return the thresholds of the present ruleset, with those that the settings name instead."""
    return {rule.name: rule.threshold for rule in BEHAVIOUR_RULESETS[BEHAVIOUR_RULESET].rules} | settings


async def _judge(clickhouse: ClickHouse, candidate: _Candidate, thresholds: Thresholds) -> Finding | None:
    """Judge page by page, each with the last ten seconds of the one before."""
    from_at = candidate.first_at
    while True:
        rows = await _hits(clickhouse, candidate, from_at)
        if not rows or is_exempt(rows[0]["networks"]):  # the address is the visitor's, so every hit has the same
            return None
        hits = [Hit(row["at_ms"], row["user_id"], row["token"]) for row in rows]
        if (finding := judge(hits, thresholds=thresholds)) is not None:
            return finding
        if len(rows) < HITS_AT_ONCE:
            return None
        from_at = datetime.fromtimestamp(_next_page(hits) / 1000, UTC)


def _next_page(hits: Sequence[Hit]) -> int:
    """Return from when on the next page is read: so that it holds every window this one has cut."""
    first, last = hits[0].at, hits[-1].at
    if (begin := last - WINDOW_MS + 1) > first:
        return begin
    # as many within ten seconds, and no rule minds: the rules were made to see nothing, so go on
    return last if last > first else last + 1


async def _hits(clickhouse: ClickHouse, candidate: _Candidate, from_at: datetime) -> list[dict[str, Any]]:
    return await clickhouse.query(
        "behaviour_hits",
        {
            "organisation_id": candidate.organisation_id,
            "visitor_id": candidate.visitor_id,
            "from_at": from_at,
            "until_at": candidate.last_at,
            "limit": HITS_AT_ONCE,
        },
    )
