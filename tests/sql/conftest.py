"""The fixtures of `tests/fixtures/log.py`."""

from tests.fixtures.log import clickhouse, migrated_url  # noqa: F401
