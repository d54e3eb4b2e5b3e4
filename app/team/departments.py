"""Opens by department, and how small departments are kept from those who may not see people. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["department", "none", "other"]


@dataclass(frozen=True, slots=True)
class DepartmentOpens:
    """The people of one department and the opens of their signatures."""

    name: str | None
    kind: Kind
    opens: int = 0
    unique: int = 0
    people: int = 0
    active: int = 0

    def joined(self, other: "DepartmentOpens") -> "DepartmentOpens":
        """Return both together, under this one's name. Unique opens of different people add up."""
        return replace(
            self,
            opens=self.opens + other.opens,
            unique=self.unique + other.unique,
            people=self.people + other.people,
            active=self.active + other.active,
        )


def tallied(people: Iterable[tuple[str | None, int, int, bool]]) -> list[DepartmentOpens]:
    """Add up people, given as (department, opens, unique opens, has opens), by department."""
    sums: dict[str | None, list[int]] = {}
    for name, opens, unique, is_active in people:
        found = sums.get(name)
        if found is None:
            found = sums[name] = [0, 0, 0, 0]
        found[0] += opens
        found[1] += unique
        found[2] += 1
        found[3] += is_active
    return [DepartmentOpens(name, "none" if name is None else "department", *found) for name, found in sums.items()]


def most_first(departments: Iterable[DepartmentOpens]) -> list[DepartmentOpens]:
    """Return them by opens; those without a name of their own come last among equals, `other` always last."""
    return sorted(departments, key=lambda it: (it.kind == "other", -it.opens, it.name is None, it.name or ""))


def folded(departments: Sequence[DepartmentOpens], *, min_people: int) -> list[DepartmentOpens]:
    """Put departments of fewer than `min_people` people together as `other`.

    If they are still too few together, the smallest others join them: what is shown beside a total would otherwise
    give them away. An organisation that is too small altogether has no list at all.
    """
    shown = sorted((it for it in departments if it.people >= min_people), key=lambda it: (it.people, it.name or ""))
    other = DepartmentOpens(None, "other")
    for department in departments:
        if department.people < min_people:
            other = other.joined(department)
    while 0 < other.people < min_people and shown:
        other = other.joined(shown.pop(0))
    if other.people >= min_people:
        shown.append(other)
    return most_first(shown)
