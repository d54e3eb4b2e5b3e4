"""User agents that are not ASCII cost no more than those that are: the work is bounded by the length alone."""

import time

import pytest

from app.classification.classifier import MAX_USER_AGENT, classifier

MOST_TIMES = 10
"""Measured: 1; it was 100 and more before each such character got a stand-in."""


def work_of(character: str) -> float:
    agent = ("Mozilla/5.0 (Linux; Android " + character * MAX_USER_AGENT)[:MAX_USER_AGENT]
    judge = classifier()._judge_uncached
    best = float("inf")
    for _ in range(7):
        began = time.thread_time()
        judge(agent, "GET", "", ())
        best = min(best, time.thread_time() - began)
    return best


@pytest.mark.parametrize("character", ["ı", "é", "\ufffd", "漢", "😀"])
def test_a_character_that_is_not_ascii_costs_what_another_costs(character: str) -> None:
    assert work_of(character) <= MOST_TIMES * max(work_of("?"), 50e-6)


def test_an_agent_with_a_letter_that_is_not_ascii_is_judged_as_before() -> None:
    agent = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
    )
    judged = classifier()._judge_uncached
    assert judged(agent + " é", "GET", "", ()) == judged(agent + " ?", "GET", "", ())
