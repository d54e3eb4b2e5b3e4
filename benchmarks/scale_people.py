"""Whose mail is opened in `benchmarks.scale`: fifty organisations, one with a fifth of all opens, uneven people."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from uuid import NAMESPACE_URL, UUID, uuid5

ORGANISATIONS, LARGEST_SHARE = 50, 0.2
LARGEST_USERS, OTHER_USERS = 2_000, 300
ZONES = ("Asia/Riyadh", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Riyadh")
SLOTS = 1 << 18
"""An event's number is hashed to a slot; who has a hundredth of the opens has a hundredth of the slots."""


@dataclass(frozen=True)
class Person:
    """One person, with their share of all opens."""

    organisation: int
    rank: int
    share: float

    @cached_property
    def organisation_id(self) -> UUID:
        """The same at every run."""
        return organisation_id(self.organisation)

    @cached_property
    def user_id(self) -> UUID:
        """The same at every run."""
        return uuid5(NAMESPACE_URL, f"scale:user:{self.organisation}:{self.rank}")


def organisation_id(number: int) -> UUID:
    """Return the id of an organisation, the same at every run."""
    return uuid5(NAMESPACE_URL, f"scale:organisation:{number}")


def zone_of(organisation: int) -> str:
    """Return the organisation's time zone."""
    return ZONES[organisation % len(ZONES)]


def people() -> list[Person]:
    """Return everybody, by organisation, the most opened first."""
    rest = [1 / number for number in range(1, ORGANISATIONS)]
    shares = [LARGEST_SHARE, *((1 - LARGEST_SHARE) * weight / sum(rest) for weight in rest)]
    found = []
    for organisation, share in enumerate(shares):
        weights = [(rank + 10) ** -0.8 for rank in range(OTHER_USERS if organisation else LARGEST_USERS)]
        found += [Person(organisation, rank, share * weight / sum(weights)) for rank, weight in enumerate(weights)]
    return found


def slots(everybody: Sequence[Person], *, events: int, days: int) -> dict[str, list[object]]:
    """Return the rows of `scale_slots`: each slot's person, and their visitors of a day (one for two opens)."""
    ends = [round(share * SLOTS) for share in accumulate(person.share for person in everybody)]
    ends[-1] = SLOTS
    columns: dict[str, list[object]] = {"slot": list(range(SLOTS))}
    for name in ("organisation", "organisation_id", "user_id", "token", "visitors_of_a_day"):
        columns[name] = []
    start = 0
    for person, end in zip(everybody, ends, strict=True):
        count = max(0, end - start)
        columns["organisation"] += [person.organisation] * count
        columns["organisation_id"] += [person.organisation_id] * count
        columns["user_id"] += [person.user_id] * count
        columns["token"] += [person.user_id.hex[:24]] * count
        columns["visitors_of_a_day"] += [max(2, int(person.share * events / days / 2))] * count
        start = max(start, end)
    return columns
