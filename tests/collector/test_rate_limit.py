"""The first hits of an address on a token in a minute count, whatever the order of everything else."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.collector.rate_limit import WINDOW_MS, RateLimiter

NOON = 29_400_000 * WINDOW_MS
ADDRESSES, TOKENS = ("203.0.113.1", "203.0.113.2", "2001:db8::1"), ("a" * 24, "b" * 24)

hits = st.lists(
    st.tuples(st.sampled_from(ADDRESSES), st.sampled_from(TOKENS), st.integers(0, WINDOW_MS // 3)), max_size=200
)


def over(limiter: RateLimiter, count: int, *, at: int = NOON, address: str = ADDRESSES[0], token: str = TOKENS[0]):
    return [limiter.is_over(address, token, at) for _ in range(count)]


def test_the_first_hundred_of_a_minute_are_within_and_every_later_one_is_over():
    assert over(RateLimiter(100), 103) == [False] * 100 + [True] * 3


def test_the_next_minute_of_the_clock_begins_anew():
    limiter = RateLimiter(2)
    assert over(limiter, 3, at=NOON + WINDOW_MS - 1) == [False, False, True]
    assert over(limiter, 3, at=NOON + WINDOW_MS) == [False, False, True]


def test_other_addresses_and_other_tokens_have_limits_of_their_own():
    limiter = RateLimiter(1)
    assert over(limiter, 2) == [False, True]
    assert over(limiter, 2, address=ADDRESSES[1]) == [False, True]
    assert over(limiter, 2, token=TOKENS[1]) == [False, True]


@given(hits, st.integers(1, 12))
def test_alone_it_says_what_a_plain_count_says(sequence, limit):
    limiter, counted, now = RateLimiter(limit), Counter(), NOON
    for address, token, later in sequence:
        now += later
        pair = (address, token, now // WINDOW_MS)
        counted[pair] += 1
        assert limiter.is_over(address, token, now) == (counted[pair] > limit)


@given(st.lists(st.integers(0, 3), max_size=300), st.integers(1, 40))
def test_several_collectors_never_flag_before_the_limit_came_in_all_and_end_near_it(sequence, limit):
    """0 to 2: a hit at that collector; 3: all of them exchange."""
    collectors, total, flagged, since = [RateLimiter(limit) for _ in range(3)], 0, 0, 0
    sums: Counter[tuple[str, str]] = Counter()
    uncounted_between = 0
    for step in sequence:
        if step == 3:
            exchange(collectors, sums)
            uncounted_between, since = max(uncounted_between, since), 0
            continue
        total, since = total + 1, since + 1
        if collectors[step].is_over(ADDRESSES[0], TOKENS[0], NOON):
            flagged += 1
            assert total > limit
    counted = total - flagged
    assert counted >= min(total, limit)
    # each collector alone lets at most the limit through
    assert counted <= 3 * limit


def exchange(collectors: list[RateLimiter], sums: Counter[tuple[str, str]]) -> None:
    """What Redis does."""
    for limiter in collectors:
        untold = limiter.untold()
        sums.update({heavy.pair: heavy.hits for heavy in untold})
        limiter.learn(limiter.window, [(heavy.pair, sums[heavy.pair]) for heavy in untold])


def test_collectors_that_exchange_after_every_hit_count_as_one_but_for_what_is_below_the_floor():
    collectors, sums, counted = [RateLimiter(100) for _ in range(2)], Counter(), 0
    for number in range(400):
        counted += not collectors[number % 2].is_over(ADDRESSES[0], TOKENS[0], NOON)
        exchange(collectors, sums)
    assert 100 <= counted <= 100 + collectors[0].floor


def test_what_was_told_and_got_lost_is_not_told_again():
    limiter = RateLimiter(2)
    over(limiter, 2)
    assert [heavy.hits for heavy in limiter.untold()] == [2]
    assert limiter.untold() == []
    over(limiter, 1)
    assert [heavy.hits for heavy in limiter.untold()] == [1]


def test_sums_of_a_minute_that_is_over_are_not_taken_in():
    limiter = RateLimiter(2)
    over(limiter, 2, at=NOON)
    window = limiter.window
    over(limiter, 1, at=NOON + WINDOW_MS)
    limiter.learn(window, [((ADDRESSES[0], TOKENS[0]), 50)])
    assert over(limiter, 1, at=NOON + WINDOW_MS) == [False]


def test_a_clock_set_back_a_little_does_not_begin_anew_and_one_set_back_far_does_not_stick():
    limiter = RateLimiter(1)
    assert over(limiter, 1, at=NOON) == [False]
    assert over(limiter, 1, at=NOON - 1) == [True]
    assert over(limiter, 1, at=NOON - 60 * WINDOW_MS) == [False]


def test_a_flood_of_pairs_takes_bounded_memory_and_leaves_the_heavy_ones_known():
    limiter = RateLimiter(20, max_pairs=100)
    assert not any(over(limiter, 20))
    for number in range(5_000):
        limiter.is_over(f"198.51.100.{number}", TOKENS[0], NOON)
        assert len(limiter._hits) <= 101
    assert over(limiter, 1) == [True]
