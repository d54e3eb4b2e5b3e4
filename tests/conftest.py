"""Fixtures everybody may ask for by name, each module a real service; and how the suite is run."""

from hypothesis import settings

settings.register_profile("heliograph", deadline=None)  # machines are shared: no test may fail for being slow
settings.load_profile("heliograph")

pytest_plugins = [
    "tests.plugins.depth",
    "tests.plugins.order",
    "tests.plugins.costs",
    "tests.fixtures.valkey",
    "tests.fixtures.api",
    "tests.fixtures.clickhouse",
    "tests.fixtures.log",
    "tests.fixtures.kafka",
    "tests.fixtures.product",
    "tests.fixtures.stack",
]
