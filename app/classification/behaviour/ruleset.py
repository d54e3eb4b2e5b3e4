"""The behaviour rulesets by number, and the judgement of one visitor by one of them.

A published ruleset is never edited: findings keep the number of the rules that made them.
"""

from collections.abc import Iterable, Mapping

from app.classification.behaviour import burst, many_tokens
from app.classification.behaviour.model import BehaviourRuleset, Finding, Hit

BEHAVIOUR_RULESET = 1

BEHAVIOUR_RULESETS: dict[int, BehaviourRuleset] = {
    1: BehaviourRuleset(
        number=1,
        rules=(
            many_tokens.RULE,  # the surer one first
            burst.RULE,
        ),
    ),
}


def judge(
    hits: Iterable[Hit], *, thresholds: Mapping[str, int] | None = None, ruleset: int = BEHAVIOUR_RULESET
) -> Finding | None:
    """Judge the hits of one visitor on one organisation's tokens, in any order; None if it may be a person.

    `thresholds` replaces those of rules by their names; 0 switches a rule off.
    """
    by_time = sorted(hits, key=lambda hit: hit.at)
    chosen = BEHAVIOUR_RULESETS[ruleset]
    for rule in chosen.rules:
        threshold = (thresholds or {}).get(rule.name, rule.threshold)
        if threshold and (seen := rule.find(by_time, threshold)) is not None:
            return Finding("scanner", rule, chosen.number, seen)
    return None


def sentences(ruleset: int = BEHAVIOUR_RULESET) -> dict[str, str]:
    """Return every reason code of a behaviour ruleset, with its sentence."""
    return {rule.reason: rule.says for rule in BEHAVIOUR_RULESETS[ruleset].rules}
