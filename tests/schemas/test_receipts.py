"""Receipts: read as written, and merging never adds or loses a byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.receipts import Range, decode, encode, merge

ranges = st.lists(
    st.builds(
        lambda segment, start, length: Range(segment, start, start + length),
        st.integers(0, 3),
        st.integers(0, 60),
        st.integers(1, 20),
    )
)


@given(ranges)
def test_receipts_are_read_as_written(items: list[Range]) -> None:
    assert decode(encode(items)) == items


@given(ranges)
def test_merging_keeps_exactly_the_same_bytes(items: list[Range]) -> None:
    def covered(parts: list[Range]) -> set[tuple[int, int]]:
        return {(part.segment, byte) for part in parts for byte in range(part.start, part.end)}

    merged = merge(items)
    assert covered(merged) == covered(items)
    assert len(merged) <= len(items)
    assert merged == sorted(merged)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError):
        decode(b"12:ab-3")
