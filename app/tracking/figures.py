"""Arithmetic of the figures people read: trend and whole percentages. Pure."""

from collections.abc import Sequence

from app.tracking.schemas import Trend


def trend(present: int, before: int) -> Trend:
    """Compare two counts. Percentage is the size of the change, rounded half up, in percent of `before`."""
    if present == before:
        return Trend(direction="flat", percentage=0 if before else None)
    direction = "up" if present > before else "down"
    if before == 0:
        return Trend(direction="up", percentage=None)
    return Trend(direction=direction, percentage=(200 * abs(present - before) + before) // (2 * before))


def one_decimal(mean: float) -> float:
    """Round a mean half up to one decimal: quarters are usual here, and 0.25 opens read as 0.3."""
    return int(mean * 10 + 0.5) / 10


def whole_percentages(counts: Sequence[int]) -> list[int]:
    """Return integers that add to 100 (or all 0 for no counts), each less than one away from its exact share.

    Largest remainder (Hamilton); equal remainders go to the earlier item.
    """
    total = sum(counts)
    if total == 0:
        return [0] * len(counts)
    shares = [count * 100 // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda index: (-(counts[index] * 100 % total), index))
    for index in by_remainder[: 100 - sum(shares)]:
        shares[index] += 1
    return shares
