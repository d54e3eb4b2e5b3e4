"""The fixtures of `tests/fixtures/log.py`, and a second ruleset."""

from tests.fixtures.log import clickhouse, migrated_url  # noqa: F401
from tests.replay.rulesets import ruleset_2  # noqa: F401
