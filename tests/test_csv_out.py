"""What is written is no formula, and is read as it was."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app import csv_out

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.text("'=+-@ \t\r\n\"a＝", max_size=8)


@given(TEXTS)
@example("'=x")
@example("'' =x")
@example("'")
@example(" -dash")
def test_a_cell_is_read_as_it_was_written(text: str) -> None:
    assert csv_out.original(csv_out.neutral(text)) == text


@given(TEXTS)
def test_no_cell_begins_a_formula(text: str) -> None:
    assert (
        not csv_out.neutral(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
    )


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=3), max_size=5))
def test_lines_are_read_as_they_were_written_by_whatever_reads_csv(rows: list[list[str]]) -> None:
    found = csv.reader(io.StringIO(csv_out.lines(rows), newline=""))
    assert [[csv_out.original(cell) for cell in row] for row in found] == rows


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), (-5, "-5"), (2.5, "2.5"), ("-5", "'-5"), ("O'Neill", "O'Neill")]
)
def test_numbers_stay_numbers_and_names_stay_names(value: object, cell: str) -> None:
    assert csv_out.neutral(value) == cell
