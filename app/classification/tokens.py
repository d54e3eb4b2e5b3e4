"""Makes a rule of a table of tokens: one compiled pattern that knows which of its rows matched."""

import re
from collections.abc import Callable
from typing import NamedTuple

from ua_parser_rs import UserAgentExtractor

from app.classification.model import Request, Rule, Verdict
from schemas.events import OpenClass

_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]\\])++(?:\]|\Z)|\(\?<?[=!]|\(|\)|.", re.DOTALL)
"""An escape, a set, the beginning of a look-around, a bracket, or one other character."""


_WORD_END = r"(?-i:(?!(?<=[A-Za-z])[a-z]|(?<=[A-Z]{2})[A-Z]))"
"""Not amid a word: `Erlang` is not in `Erlangen`, nor in `ERLANGEN`. A capital begins another: `GuzzleHttp`."""


def without_lookaround(pattern: str) -> str:
    """Return the pattern without its look-ahead and look-behind groups: it matches at least what the whole matches."""
    kept, depth = [], 0
    for piece in _PIECE.findall(pattern):
        if depth or piece.startswith(("(?=", "(?!", "(?<=", "(?<!")):
            depth += piece.startswith("(") - (piece == ")")
        else:
            kept.append(piece)
    return "".join(kept)


class Token(NamedTuple):
    """One row: the reason code, the pattern (case does not matter), and the sentence that explains it."""

    code: str
    pattern: str
    says: str


def first_look(pattern: str) -> Callable[[str], bool]:
    """Return a test in linear time: False only where the pattern cannot match, whatever the case of letters."""
    extractor = UserAgentExtractor([(f"(?i){without_lookaround(pattern)}", "-", None, None, None, None)])
    return lambda user_agent: extractor.extract(user_agent) is not None


class Screened:
    """A pattern with a first look, for strings that anybody may make up.

    Without it a user agent of 1,024 characters that nobody has seen before takes 35 ms of the worker; with it, 0.5 ms.
    """

    __slots__ = ("_may_match", "_pattern")

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern, self._may_match = re.compile(pattern, flags), first_look(pattern)

    def search(self, user_agent: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        return self._pattern.search(user_agent) if self._may_match(user_agent) else None


def token_rule(
    name: str, open_class: OpenClass, confidence: float, tokens: tuple[Token, ...], *, are_stems: bool = False
) -> Rule:
    """Build a rule that gives `open_class` when a token of the table occurs in the user agent (device model left out).

    A token ends where a word ends; one that may go on says so (`[a-z]*`). In a table of stems any token may go on.
    Patterns must not use named groups: those carry the codes.
    """
    end = "" if are_stems else _WORD_END
    pattern = Screened("|".join(f"(?P<{token.code}>(?:{token.pattern}){end})" for token in tokens), re.IGNORECASE)
    verdicts = {token.code: Verdict(open_class, confidence, (token.code,)) for token in tokens}

    def judge(request: Request) -> Verdict | None:
        found = pattern.search(request.words)
        return verdicts[found.lastgroup or ""] if found else None

    return Rule(name, judge, {token.code: token.says for token in tokens})
