"""Percentiles of a histogram of counts. Pure."""

from collections.abc import Sequence


def percentile_ms(bounds: Sequence[float], counts: Sequence[int], share: float) -> float | None:
    """Return the time in milliseconds within which `share` of the requests were answered; None without any.

    `bounds` are the upper bounds in seconds, `counts` has one more for what took longer. Between two bounds requests
    are taken as spread evenly. Beyond the last bound nothing is known but that it was longer: infinity.
    """
    total = sum(counts)
    if total == 0:
        return None
    wanted, below, low = share * total, 0, 0.0
    for bound, count in zip(bounds, counts, strict=False):
        if count and below + count >= wanted:
            return 1000 * (low + (bound - low) * (wanted - below) / count)
        below, low = below + count, bound
    return float("inf")


def share_within(bounds: Sequence[float], counts: Sequence[int], seconds: float) -> float | None:
    """Return the share answered within `seconds`, which must be one of the bounds; None without any request."""
    total = sum(counts)
    return None if total == 0 else sum(counts[: bounds.index(seconds) + 1]) / total
