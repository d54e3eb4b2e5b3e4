"""Fixtures everybody may ask for by name; each module below starts a real service."""

pytest_plugins = [
    "tests.fixtures.clickhouse",
    "tests.fixtures.product",
]
