"""Each test has a log of its own."""

from tests.fixtures.log import clickhouse, empty_url, migrated_url

__all__ = ["clickhouse", "empty_url", "migrated_url"]
