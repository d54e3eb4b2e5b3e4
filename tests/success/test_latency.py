import random

import pytest

from app.collector.metrics import HitCounters
from app.metrics import PIXEL_BUCKETS_SECONDS
from app.success.latency import percentile_ms, share_within


def test_nothing_measured_is_not_zero() -> None:
    assert percentile_ms(PIXEL_BUCKETS_SECONDS, [0] * 12, 0.5) is None
    assert share_within(PIXEL_BUCKETS_SECONDS, [0] * 12, 0.05) is None


def test_beyond_the_last_bound_is_longer_and_no_number() -> None:
    assert percentile_ms((0.01, 1.0), [1, 0, 99], 0.95) == float("inf")


@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
def test_a_percentile_lies_in_the_bucket_of_the_true_one(share: float) -> None:
    chance, counters = random.Random(7), HitCounters()
    times = sorted(chance.lognormvariate(-6, 1) for _ in range(5_000))
    for seconds in times:
        counters.observe(seconds)
    true = times[int(share * len(times))]
    found = (percentile_ms(PIXEL_BUCKETS_SECONDS, counters.latency_buckets, share) or 0) / 1000
    low = max((0.0, *(bound for bound in PIXEL_BUCKETS_SECONDS if bound < true)))
    high = min(bound for bound in PIXEL_BUCKETS_SECONDS if bound >= true)
    assert low <= found <= high
    within = share_within(PIXEL_BUCKETS_SECONDS, counters.latency_buckets, 0.05)
    assert within == sum(seconds <= 0.05 for seconds in times) / len(times)
