"""The command line takes what people type."""

import pytest

from app.cli import data_first


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        (["verify", "--data", "d"], ["--data", "d", "verify"]),
        (["sql", "SELECT 1", "--data=d", "--format", "csv"], ["--data=d", "sql", "SELECT 1", "--format", "csv"]),
        (["--data", "d", "verify", "--json"], ["--data", "d", "verify", "--json"]),
        (["up", "--data", "d", "--port", "1"], ["up", "--data", "d", "--port", "1"]),
        (["demo", "--data", "d"], ["demo", "--data", "d"]),
        (["sql", "--", "--data", "d"], ["sql", "--", "--data", "d"]),
        (["verify", "--data"], ["verify", "--data"]),
        ([], []),
    ],
)
def test_the_data_directory_may_stand_after_the_command(typed: list[str], understood: list[str]) -> None:
    assert data_first(typed) == understood
