"""The fixtures of `tests/fixtures/log.py`."""

from tests.fixtures.log import clickhouse, empty_url, migrated_url  # noqa: F401
