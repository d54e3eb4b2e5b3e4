"""Makes a rule of a table of tokens: one compiled pattern that knows which of its rows matched."""

import re
from typing import NamedTuple

from app.classification.model import Request, Rule, Verdict
from schemas.events import OpenClass


class Token(NamedTuple):
    """One row: the reason code, the pattern (case does not matter), and the sentence that explains it."""

    code: str
    pattern: str
    says: str


def token_rule(name: str, open_class: OpenClass, confidence: float, tokens: tuple[Token, ...]) -> Rule:
    """Build a rule that gives `open_class` when a token of the table occurs in the user agent (device model left out).

    Patterns must not use named groups: those carry the codes.
    """
    pattern = re.compile("|".join(f"(?P<{token.code}>{token.pattern})" for token in tokens), re.IGNORECASE)
    verdicts = {token.code: Verdict(open_class, confidence, (token.code,)) for token in tokens}

    def judge(request: Request) -> Verdict | None:
        found = pattern.search(request.words)
        return verdicts[found.lastgroup or ""] if found else None

    return Rule(name, judge, {token.code: token.says for token in tokens})
