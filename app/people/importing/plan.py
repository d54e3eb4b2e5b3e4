"""What a few rows would change, given who is there: pure, so that a preview and the import cannot disagree."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from app.people.importing.cells import Row, RowError
from app.people.importing.spellings import Spellings

Values = dict[str, str | None]
Action = Literal["created", "updated", "unchanged"]
COLUMNS = ("name", "job_title", "phone", "department", "time_zone", "locale", "role")
"""What an import may write of a person, besides the address they are found by."""


@dataclass(frozen=True, slots=True)
class Existing:
    """A person who is in the organisation already."""

    id: UUID
    is_active: bool
    values: Values


@dataclass(frozen=True, slots=True)
class Sender:
    """Who imports, and what they may."""

    user_id: UUID | None
    is_owner: bool
    """May give roles above member, and change owners."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of one row: all values as they will be, and those that change."""

    line: int
    email: str
    action: Action
    after: Values
    existing: Existing | None = None
    changed: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """What becomes of some rows."""

    people: list[Planned] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    new_departments: Counter[str] = field(default_factory=Counter)
    respelt: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(as written, as used) → people."""
    unspoken: Counter[str] = field(default_factory=Counter)
    inactive: int = 0
    """Rows of people who are deactivated, and stay so."""

    @property
    def has_changes(self) -> bool:
        """Tell whether there is anything to write."""
        return any(person.action != "unchanged" for person in self.people)


def planned(
    rows: Iterable[Row],
    existing: Mapping[str, Existing],
    *,
    sender: Sender,
    defaults: Values,
    spellings: Spellings,
    owners: int,
) -> Plan:
    """Decide about each row. `defaults` are a new person's; `owners` is how many active owners there are now."""
    plan = Plan()
    for row in rows:
        there = existing.get(row.email)
        problem = _problem(row, there, sender, owners)
        if problem is not None:
            plan.errors.append(problem)
            continue
        if row.unspoken:
            plan.unspoken[row.unspoken] += 1
        values = dict(row.values)
        department = values.get("department")
        if department:
            used = spellings.of(department)
            values["department"] = used
            if used != department:
                plan.respelt[department, used] += 1
            if spellings.is_new(used):
                plan.new_departments[used] += 1
        person = _planned(row, there, values, defaults)
        if there is not None and there.is_active and there.values["role"] == "owner" and "role" in person.changed:
            owners -= 1
        plan.inactive += there is not None and not there.is_active
        plan.people.append(person)
    return plan


def _planned(row: Row, there: Existing | None, values: Values, defaults: Values) -> Planned:
    if there is None:
        return Planned(row.line, row.email, "created", defaults | values)
    changed = tuple(name for name, value in values.items() if there.values[name] != value)
    action: Action = "updated" if changed else "unchanged"
    return Planned(row.line, row.email, action, there.values | values, there, changed)


def _problem(row: Row, there: Existing | None, sender: Sender, owners: int) -> RowError | None:
    """Return why this row may not be done, if so."""
    if there is None:
        if not row.values.get("name"):
            return RowError(row.line, "name", "is empty, and this person is new; give them a name.")
        return _problem_of_role(row, "member", sender)
    is_change = any(there.values[name] != value for name, value in row.values.items())
    if is_change and there.values["role"] == "owner" and not sender.is_owner:
        return RowError(row.line, "email", "is an owner, whom only owners change.")
    role = row.values.get("role", there.values["role"])
    if role != there.values["role"] and there.id == sender.user_id:
        return RowError(row.line, "role", "is your own; a file does not change it.")
    if role != "owner" and there.values["role"] == "owner" and there.is_active and owners <= 1:
        return RowError(row.line, "role", "would leave the organisation without an owner; make another one first.")
    return _problem_of_role(row, there.values["role"], sender)


def _problem_of_role(row: Row, has_role: str | None, sender: Sender) -> RowError | None:
    role = row.values.get("role")
    if role in (None, "member", has_role) or sender.is_owner:
        return None
    message = f"{role!r} is given by owners only; leave it empty, or ask an owner to import this."
    return RowError(row.line, "role", message)
