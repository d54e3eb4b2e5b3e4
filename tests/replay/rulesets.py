"""A second ruleset that only tests know: it calls curl's loads crawlers, and Gmail's proxy a scanner."""

import time
from collections.abc import Iterator

import pytest

from app.classification.model import Request, Rule, Verdict
from app.classification.ruleset import RULESETS

NUMBER = 2


def _judge(request: Request) -> Verdict | None:
    if "curl" in request.user_agent:
        return Verdict("crawler", 0.7, ("test_curl",))
    if "GoogleImageProxy" in request.user_agent:
        return Verdict("scanner", 0.6, ("test_gmail",))
    return None


def register(*, seconds_each: float = 0.0) -> None:
    """Make ruleset 2 known to this process; it may take its time over each request."""

    def judge(request: Request) -> Verdict | None:
        time.sleep(seconds_each)
        return _judge(request)

    rule = Rule("test", judge, {"test_curl": "It is curl.", "test_gmail": "It is Gmail."})
    RULESETS[NUMBER] = RULESETS[1]._replace(number=NUMBER, rules=(rule, *RULESETS[1].rules))


@pytest.fixture
def ruleset_2() -> Iterator[int]:
    """Ruleset 2, for one test."""
    register()
    yield NUMBER
    del RULESETS[NUMBER]
