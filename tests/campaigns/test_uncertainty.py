"""The band of a ratio: against reference values, its algebra, and by simulation."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.campaigns.uncertainty import MIN_PEOPLE, ratio_of_rates, student_t, too_few


@pytest.mark.parametrize(
    ("degrees", "quantile"),
    # any table of Student's t, two-sided 5 %
    [
        (14, 2.144787),
        (19, 2.093024),
        (29, 2.045230),
        (60, 2.000298),
        (120, 1.979930),
        (10_000, 1.960201),
    ],
)
def test_students_t_is_that_of_the_tables(degrees: int, quantile: float) -> None:
    assert student_t(degrees) == pytest.approx(quantile, abs=1e-5)


def test_the_band_of_a_case_worked_out_by_hand() -> None:
    # 16 people, half of them (4, 2), half (6, 3): the ratio is 2 whoever is left out, so chance among opens decides
    band = ratio_of_rates([(4, 2), (6, 3)] * 8, days=7, days_before=7)
    reach = 2.131450 * math.sqrt(1 / 80 + 1 / 40)
    assert band.value == pytest.approx(2)
    assert (band.low, band.high) == pytest.approx((2 * math.exp(-reach), 2 * math.exp(reach)), rel=1e-5)


def test_the_jackknife_is_that_of_its_definition() -> None:
    pairs = [(9 * (n % 5) + 3, (n * 7) % 31 + 1) for n in range(20)]
    logs = []
    for index in range(20):
        rest = pairs[:index] + pairs[index + 1 :]
        logs.append(math.log(sum(a for a, _ in rest)) - math.log(sum(b for _, b in rest)))
    variance = 19 / 20 * sum((value - sum(logs) / 20) ** 2 for value in logs)
    opens, before = sum(a for a, _ in pairs), sum(b for _, b in pairs)
    assert variance > 1 / opens + 1 / before, "the case is one where people differ"
    band = ratio_of_rates(pairs, days=1, days_before=1)
    assert math.log(band.high / band.value) == pytest.approx(2.093024 * math.sqrt(variance), rel=1e-5)


counts = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=MIN_PEOPLE, max_size=60)


@given(counts)
def test_turning_the_question_round_turns_the_band_round(pairs: list[tuple[int, int]]) -> None:
    one = ratio_of_rates(pairs, days=3, days_before=5)
    other = ratio_of_rates([(b, a) for a, b in pairs], days=5, days_before=3)
    assert (1 / other.high, 1 / other.value, 1 / other.low) == pytest.approx((one.low, one.value, one.high))
    assert 0 < one.low < one.value < one.high


@given(counts)
def test_more_people_of_the_same_kind_make_the_band_narrower(pairs: list[tuple[int, int]]) -> None:
    one, twice = (ratio_of_rates(some, days=1, days_before=1) for some in (pairs, pairs * 4))
    assert twice.high / twice.low < one.high / one.low


@pytest.mark.parametrize(
    ("pairs", "days", "why"),
    [
        ([(9, 9)] * 20, 0.9, "short"),
        ([(9, 9)] * (MIN_PEOPLE - 1), 7, "few_people"),
        ([(1, 9)] * 20, 7, "few_opens"),
        ([(9, 1)] * 20, 7, "few_opens"),
        ([(90, 90)] + [(0, 0)] * 20, 7, "one_person"),
        ([(9, 9)] * MIN_PEOPLE, 1, None),
    ],
)
def test_too_few_to_say_and_why(pairs: list[tuple[int, int]], days: float, why: str | None) -> None:
    assert too_few(pairs, days=days) == why


def _poisson(chance: random.Random, mean: float) -> int:
    """Draw by Knuth's product of uniforms; means here are small."""
    limit, product, drawn = math.exp(-min(mean, 700.0)), chance.random(), 0
    while product > limit:
        product *= chance.random()
        drawn += 1
    return drawn


@pytest.mark.parametrize(
    ("people", "truth", "shape"),
    [(MIN_PEOPLE, 1.0, 1.0), (20, 1.5, 1.0), (20, 0.5, 3.0), (60, 1.0, 0.5), (60, 1.5, 1.0)],
)
def test_the_band_covers_the_truth_about_as_often_as_it_says(people: int, truth: float, shape: float) -> None:
    """People differ by a gamma distribution (`shape` 1: the most active tenth has a third of all opens), are the same
    people in both periods, and have better and worse weeks."""
    chance = random.Random(f"{people} {truth} {shape}")
    rounds, covered = 600, 0
    for _ in range(rounds):
        pairs = []
        for _ in range(people):
            own = 12 * chance.gammavariate(shape, 1 / shape)
            weeks = [chance.gammavariate(4, 1 / 4) for _ in range(2)]
            pairs.append((_poisson(chance, truth * own * weeks[0]), _poisson(chance, own * weeks[1])))
        if too_few(pairs, days=7) is not None:
            rounds -= 1
            continue
        band = ratio_of_rates(pairs, days=7, days_before=7)
        covered += band.low <= truth <= band.high
    assert rounds > 500
    assert 0.90 <= covered / rounds <= 0.98
