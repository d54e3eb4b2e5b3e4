import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tracking.figures import trend, whole_percentages

counts = st.lists(st.integers(0, 10**9), min_size=3, max_size=3)


@given(counts)
def test_percentages_add_to_100_and_are_less_than_one_off(numbers: list[int]) -> None:
    shares = whole_percentages(numbers)
    total = sum(numbers)
    if total == 0:
        assert shares == [0, 0, 0]
    else:
        assert sum(shares) == 100
        assert all(abs(share * total - number * 100) < total for share, number in zip(shares, numbers, strict=True))


@given(counts)
def test_more_opens_never_get_a_smaller_percentage(numbers: list[int]) -> None:
    shares = whole_percentages(numbers)
    for share, number in zip(shares, numbers, strict=True):
        for other_share, other in zip(shares, numbers, strict=True):
            assert not (number > other and share < other_share)


@pytest.mark.parametrize(
    ("present", "before", "direction", "percentage"),
    [
        (47, 42, "up", 12),
        (42, 47, "down", 11),
        (5, 5, "flat", 0),
        (0, 0, "flat", None),
        (3, 0, "up", None),
        (0, 8, "down", 100),
        (30, 10, "up", 200),
        (201, 200, "up", 1),
    ],
)
def test_trend_says_direction_and_size(present: int, before: int, direction: str, percentage: int | None) -> None:
    found = trend(present, before)
    assert (found.direction, found.percentage) == (direction, percentage)
