"""Fixtures everybody may ask for by name; each module below starts a real service."""

from hypothesis import settings

settings.register_profile("heliograph", deadline=None)  # machines are shared: no test may fail for being slow
settings.load_profile("heliograph")

pytest_plugins = [
    "tests.fixtures.valkey",
    "tests.fixtures.api",
    "tests.fixtures.clickhouse",
    "tests.fixtures.kafka",
    "tests.fixtures.product",
    "tests.fixtures.stack",
]
