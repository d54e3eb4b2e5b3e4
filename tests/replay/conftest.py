"""A second ruleset, which only these tests know."""

from tests.replay.rulesets import ruleset_2  # noqa: F401
