"""What goes into a judgement and what comes out."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from schemas.events import COUNTED_CLASSES, Device, OpenClass


class HitFacts(NamedTuple):
    """What is known of one hit. Times are ms since epoch, UTC."""

    user_agent: str
    method: str = "GET"
    purpose: str = ""
    """What the request says of itself: the values of all of `PURPOSE_HEADERS`, `joined_purpose`."""
    networks: tuple[str, ...] = ()
    """Names of the known networks the address belongs to (`NetworkTable.names`)."""
    at: int = 0
    sent_at: int | None = None
    """When the message was handed over for delivery; None where nobody knows, as for signatures."""


class Classification(NamedTuple):
    """The judgement: class, confidence (0 to 1), reason codes (the decisive one first), device, ruleset number."""

    open_class: OpenClass
    confidence: float
    reasons: tuple[str, ...]
    device: Device
    ruleset: int

    @property
    def is_counted(self) -> bool:
        """Say whether the hit counts while an organisation excludes bots."""
        return self.open_class in COUNTED_CLASSES


class Request(NamedTuple):
    """The part of a hit that rules read; `user_agent` has no outer blanks or quotes."""

    user_agent: str
    words: str
    """The user agent without an Android device's model, which may be any word: what token tables look at."""
    method: str
    purpose: str
    """Empty, or `prefetch`: see `purpose_class`."""
    networks: tuple[str, ...]


class Verdict(NamedTuple):
    """What one rule says: class, confidence, reason codes."""

    open_class: OpenClass
    confidence: float
    reasons: tuple[str, ...]


class Rule(NamedTuple):
    """A named rule: `judge` answers with a verdict or passes with None; `says` explains each of its reason codes."""

    name: str
    judge: Callable[[Request], Verdict | None]
    says: Mapping[str, str]


class TimingRule(NamedTuple):
    """A rule over the verdict and the delay in ms from hand-over to hit; it passes with None."""

    name: str
    judge: Callable[[OpenClass, int], Verdict | None]
    says: Mapping[str, str]


class Ruleset(NamedTuple):
    """An ordered list of rules, first match wins; then timing; then the device of those who are people."""

    number: int
    rules: tuple[Rule, ...]
    timing: tuple[TimingRule, ...]
    device: Callable[[str], Device]

    def says(self, code: str) -> str:
        """Return the sentence that explains a reason code; the code itself if this ruleset does not know it."""
        return self.sentences().get(code, code)

    def sentences(self) -> dict[str, str]:
        """Return every reason code this ruleset can give, with its sentence."""
        of_rules = {code: text for rule in self.rules for code, text in rule.says.items()}
        return of_rules | {code: text for rule in self.timing for code, text in rule.says.items()}


_MODEL = re.compile(r"(?<=Android )[\d.]*;(?: [a-z]{2}[-_][A-Za-z]{2};)? ?(?!compatible)[^;()]*")


def without_model(user_agent: str) -> str:
    """Leave out an Android device's model (`Cubot`, `IDbot553`, `SUGAR`, `POCO`, `Monitor 10`)."""
    return _MODEL.sub("", user_agent, count=1) if "Android " in user_agent else user_agent


PURPOSE_HEADERS = ("sec-purpose", "purpose", "x-purpose", "x-moz")
MAX_PURPOSE, MAX_PURPOSES = 64, 256
"""Characters that are looked at, of one header and of all of them."""


def joined_purpose(values: Iterable[str]) -> str:
    """Return what several headers say, in the order in which they came: none hides another."""
    return " ".join(value[:MAX_PURPOSE] for value in values if value)[:MAX_PURPOSES]


def purpose_class(purpose: str) -> str:
    """Reduce a `Sec-Purpose` or `Purpose` header to what matters: `prefetch`, or empty."""
    lowered = purpose.lower()
    return "prefetch" if any(word in lowered for word in ("prefetch", "prerender", "preview")) else ""
