"""The first look at a user agent: it may say yes too often, and never no where the pattern matches."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.classification.tokens import Screened, without_lookaround
from app.classification.v1 import browsers, device

PATTERNS = {
    "named": r"(?<![a-z])(?!cubot)[a-z0-9._-]*(?<!cu)bots?(?![a-z])|\b[\w.-]*bot[/_\d]",
    "nested": r"\bThunderbird[/ ][0-9](?!.*(?:bot|\+http|http:))",
    "sets": r"[(]x[)]|\(compatible(?=[;)])|[^a-z(]y",
}
PIECES = st.sampled_from(
    ["bot", "cubot", "robots", "Thunderbird/9", " ", "(", ")", "(x)", "(compatible;", "http:", "+"]
)
AGENTS = st.lists(PIECES | st.text("aZ9/;.-_ ", max_size=4), max_size=12).map("".join)


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
@given(agent=AGENTS)
def test_a_first_look_changes_no_answer(pattern: str, agent: str) -> None:
    plain = re.compile(pattern, re.IGNORECASE).search(agent)
    screened = Screened(pattern, re.IGNORECASE).search(agent)
    assert (screened and screened.span()) == (plain and plain.span())


@pytest.mark.parametrize("screened", [browsers._APPS, device._TABLET, device._PHONE, device._DESKTOP, device._NEITHER])
@given(agent=AGENTS)
def test_the_tables_patterns_answer_as_without_it(screened: Screened, agent: str) -> None:
    assert (screened.search(agent) is None) == (screened._pattern.search(agent) is None)


def test_lookaround_is_taken_out_with_what_is_nested_in_it() -> None:
    assert without_lookaround(r"a(?!b(?:c|\))[)]d)e(?:f)(?<=g)\(?=h") == r"ae(?:f)\(?=h"
