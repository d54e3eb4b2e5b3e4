"""Counts of an import while it goes on, and what is kept to be shown: bounded, however long the file is."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic.alias_generators import to_camel

from app.identity.roles import LOCALES
from app.people.importing.cells import RowError
from app.people.importing.plan import Plan, Planned
from app.people.importing.schemas import (
    ImportedPerson,
    NewDepartment,
    RespeltDepartment,
    RowProblem,
)

Key = TypeVar("Key")
MOST_ERRORS_SHOWN = 200
MOST_PREVIEWED = 20
MOST_DEPARTMENTS_SHOWN = 100
_MOST_COUNTED = 10_000
"""Different departments that are counted: more are not departments."""


@dataclass(slots=True)
class Tally:
    """What has been counted so far. `on_error` hears of every error, also of those that are not kept."""

    on_error: Callable[[RowError], None] = lambda error: None
    rows: int = 0
    failed: int = 0
    inactive: int = 0
    error_count: int = 0
    actions: Counter[str] = field(default_factory=Counter)
    errors: list[RowError] = field(default_factory=list)
    preview: list[Planned] = field(default_factory=list)
    new_departments: Counter[str] = field(default_factory=Counter)
    respelt: Counter[tuple[str, str]] = field(default_factory=Counter)
    unspoken: Counter[str] = field(default_factory=Counter)
    """Languages that the product does not speak → people."""

    def fail(self, errors: Iterable[RowError]) -> None:
        """Count one row that is left out, with all that is wrong with it."""
        self.failed += 1
        for error in errors:
            self.error_count += 1
            self.on_error(error)
            if len(self.errors) < MOST_ERRORS_SHOWN:
                self.errors.append(error)

    def add(self, plan: Plan) -> None:
        """Count what became of some rows."""
        for error in plan.errors:
            self.fail([error])
        self.actions.update(person.action for person in plan.people)
        self.inactive += plan.inactive
        self.preview.extend(plan.people[: MOST_PREVIEWED - len(self.preview)])
        _add(self.new_departments, plan.new_departments)
        _add(self.respelt, plan.respelt)
        _add(self.unspoken, plan.unspoken)

    @property
    def counts(self) -> dict[str, int]:
        """Return the counts that matter most, for progress and the audit log."""
        names = ("created", "updated", "unchanged")
        return {name: self.actions[name] for name in names} | {"failed": self.failed}

    def shown(self) -> dict[str, object]:
        """Return everything but what is known of the file itself, as `ImportResult` has it."""
        errors = sorted(self.errors, key=lambda error: error.line)
        return {
            **self.counts,
            "rows": self.rows,
            "inactive": self.inactive,
            "error_count": self.error_count,
            "errors": [RowProblem(line=it.line, field=it.field, message=it.message) for it in errors],
            "preview": [_shown(person) for person in self.preview],
            "new_departments": [
                NewDepartment(department=name, people=people)
                for name, people in self.new_departments.most_common(MOST_DEPARTMENTS_SHOWN)
            ],
            "respelt_departments": [
                RespeltDepartment(found=found, used=used, people=people)
                for (found, used), people in self.respelt.most_common(MOST_DEPARTMENTS_SHOWN)
            ],
        }

    def remarks(self, locale: str) -> list[str]:
        """Say what was read otherwise than it is written; `locale` is the organisation's."""
        if not self.unspoken:
            return []
        shown = ", ".join(f"“{language}” ({people:,})" for language, people in self.unspoken.most_common(10))
        return [
            f"The product speaks {' and '.join(LOCALES)}. Languages it does not: {shown}. New people get the "
            f"organisation's, {locale}; people who are there keep theirs."
        ]


def _add(total: Counter[Key], more: Counter[Key]) -> None:
    for key, count in more.items():
        if key in total or len(total) < _MOST_COUNTED:
            total[key] += count


def _shown(person: Planned) -> ImportedPerson:
    return ImportedPerson.model_validate(
        {
            **person.after,
            "line": person.line,
            "action": person.action,
            "user_id": person.existing.id if person.existing else None,
            "email": person.email,
            "changed": [to_camel(name) for name in person.changed],
        }
    )
