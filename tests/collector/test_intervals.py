"""Intervals against a plain set of integers."""

from hypothesis import given
from hypothesis import strategies as st

from app.collector.intervals import IntervalSet

pairs = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=30)


@given(pairs, st.integers(0, 50), st.integers(0, 50))
def test_it_answers_like_a_set_of_integers(added: list[tuple[int, int]], start: int, end: int) -> None:
    intervals, model = IntervalSet(), set[int]()
    for first, last in added:
        intervals.add(first, last)
        model |= set(range(first, last))
    assert intervals.covers(start, end) == all(number in model for number in range(start, end))
    gaps = intervals.missing(start, end)
    assert {n for first, last in gaps for n in range(first, last)} == set(range(start, end)) - model
    assert all(first < last for first, last in gaps)
