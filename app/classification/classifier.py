"""Judges hits by a ruleset, each distinct request once."""

from functools import lru_cache

from app.classification.model import Classification, HitFacts, Request, Ruleset, purpose_class, without_model
from app.classification.ruleset import RULESET, RULESETS

CACHE_SIZE = 65_536
"""Distinct (user agent, method, purpose, networks) remembered: mail has far fewer user agents in a day."""
MAX_USER_AGENT = 1024
"""The collector cuts user agents here; so does this, so that both judge the same string."""
_AROUND = " \t\r\n\"'"
"""Blanks and quotes around a user agent are somebody's copying, and say nothing."""
_DEVICE_KNOWN = frozenset({"human", "self"})


class Classifier:
    """Judges by one ruleset. `classify` is pure; its cache is shared by nobody else."""

    def __init__(self, ruleset: Ruleset, *, cache_size: int = CACHE_SIZE) -> None:
        self.ruleset = ruleset
        self._judge = lru_cache(maxsize=cache_size)(self._judge_uncached)

    def classify(self, hit: HitFacts) -> Classification:
        """Judge a hit. Never raises for any string; takes less than a microsecond for a request seen before."""
        user_agent, method, purpose, networks, at, sent_at = hit
        judged = self._judge(user_agent, method, purpose and purpose_class(purpose), networks)
        return judged if sent_at is None else self._judge_timing(judged, at - sent_at)

    def _judge_uncached(self, user_agent: str, method: str, purpose: str, networks: tuple[str, ...]) -> Classification:
        ruleset = self.ruleset
        agent = _ascii(user_agent[:MAX_USER_AGENT].strip(_AROUND))
        request = Request(agent, without_model(agent), method, purpose, networks)
        for rule in ruleset.rules:
            verdict = rule.judge(request)
            if verdict is not None:
                open_class, confidence, reasons = verdict
                device = ruleset.device(agent) if open_class in _DEVICE_KNOWN else "unknown"
                return Classification(open_class, confidence, reasons, device, ruleset.number)
        raise AssertionError(f"ruleset {ruleset.number} has no rule that always answers")

    def _judge_timing(self, judged: Classification, delay_ms: int) -> Classification:
        for rule in self.ruleset.timing:
            verdict = rule.judge(judged.open_class, delay_ms)
            if verdict is not None:
                reasons = verdict.reasons + judged.reasons
                return Classification(verdict.open_class, verdict.confidence, reasons, "unknown", judged.ruleset)
        return judged


def _ascii(user_agent: str) -> str:
    """Return the user agent with a stand-in for each character that no rule knows.

    The engines behind the lists are a hundred times slower on text that is not ASCII.
    """
    return user_agent if user_agent.isascii() else user_agent.encode("ascii", "replace").decode()


def classifier(ruleset: int = RULESET) -> Classifier:
    """Return a new classifier of a ruleset by its number; `KeyError` if there is none of that number."""
    return Classifier(RULESETS[ruleset])


classify = classifier().classify
"""Judge a hit by the present ruleset, with the process's own cache."""
