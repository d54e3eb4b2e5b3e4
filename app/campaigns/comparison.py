"""A campaign against the same people's everyday opens, as the API says it: a ratio with its band, or too few. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from app.campaigns.stats_schemas import BandView, Comparison, Enough
from app.campaigns.uncertainty import MIN_DAYS, MIN_OPENS, MIN_PEOPLE, Band, TooFewBecause, ratio_of_rates, too_few
from app.campaigns.windows import Windows


class Pair(NamedTuple):
    """Counted opens of one person: of the campaign's pixel, of their own meanwhile, of their own before."""

    campaign: int
    during: int
    before: int


def compare(pairs: Sequence[tuple[int, int]], compared: Windows | None, *, is_deleted: bool) -> Comparison:
    """Compare (opens, opens before) of the same people, or say what is missing for that."""
    opens, before = sum(a for a, _ in pairs), sum(b for _, b in pairs)
    days, days_before = (compared.days, compared.days_before) if compared else (0.0, 0.0)
    why: TooFewBecause | None = "deleted" if is_deleted else too_few(pairs, days=days)
    rate, rate_before = _rate(opens, len(pairs), days), _rate(before, len(pairs), days_before)
    band = ratio_of_rates(pairs, days=days, days_before=days_before) if why is None else None
    difference = rate - rate_before if band is not None and rate is not None and rate_before is not None else None
    return Comparison.model_validate(
        {
            "too_few": why is not None,
            "reason": why,
            "minimum": Enough(people=MIN_PEOPLE, opens=MIN_OPENS, days=MIN_DAYS),
            "found": Enough(people=len(pairs), opens=min(opens, before), days=round(days, 3)),
            "rate": _rounded(rate),
            "rate_before": _rounded(rate_before),
            "difference": _rounded(difference),
            "ratio": BandView(value=round(band.value, 3), low=round(band.low, 3), high=round(band.high, 3))
            if band
            else None,
            "verdict": _verdict(band) if band else None,
        }
    )


def _verdict(band: Band) -> str:
    if band.low > 1:
        return "higher"
    return "lower" if band.high < 1 else "no_clear_difference"


def _rate(opens: int, people: int, days: float) -> float | None:
    return opens / people / days if people and days else None


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 4)
