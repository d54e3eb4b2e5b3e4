"""Fixtures everybody may ask for by name; each module below starts a real service."""

import pytest
from hypothesis import settings

settings.register_profile("heliograph", deadline=None)  # machines are shared: no test may fail for being slow
settings.load_profile("heliograph")

pytest_plugins = [
    "tests.fixtures.valkey",
    "tests.fixtures.api",
    "tests.fixtures.clickhouse",
    "tests.fixtures.log",
    "tests.fixtures.kafka",
    "tests.fixtures.product",
    "tests.fixtures.stack",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest, so that no worker is left alone with them at the end."""
    items.sort(key=lambda item: item.get_closest_marker("kill") is None)
