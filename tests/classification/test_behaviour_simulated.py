"""The simulated days of `benchmarks.behaviour`, few of each: the thresholds keep what the document says of them."""

import pytest

from app.classification.behaviour import burst, many_tokens
from benchmarks.behaviour import SCENARIOS, Scenario, sightings

FOUND = ("10 messages a second", "mailbox, 2 a second", "one pixel 10 times a second", "one pixel 2 times a second")
SPARED = ("one reader,", "one reader who", "a customer who", "20 readers", "announcement to 200 ")


def is_taken_back(scenario: Scenario) -> list[bool]:
    return [
        people >= many_tokens.RULE.threshold or loads >= burst.RULE.threshold
        for _, people, loads in sightings(scenario, visitors=10)
    ]


@pytest.mark.parametrize(
    "scenario",
    [scenario for scenario in SCENARIOS if any(name in scenario.name for name in FOUND)],
    ids=lambda scenario: scenario.name,
)
def test_fast_machines_are_found(scenario: Scenario) -> None:
    assert scenario.is_machine and all(is_taken_back(scenario))


@pytest.mark.parametrize(
    "scenario",
    [scenario for scenario in SCENARIOS if any(name in scenario.name for name in SPARED)],
    ids=lambda scenario: scenario.name,
)
def test_readers_are_left_alone(scenario: Scenario) -> None:
    assert not scenario.is_machine and sum(is_taken_back(scenario)) <= 1
