"""The departments people are in, and their spellings: "Sales", "sales " and "SALES" are one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.models import User
from app.people.schemas import DepartmentItem
from app.people.texts import folded


@dataclass(slots=True)
class _Department:
    people: int = 0
    spellings: dict[str, int] = field(default_factory=dict)


async def departments_of(session: AsyncSession, organisation_id: UUID) -> list[DepartmentItem]:
    """Return the departments of active people, by name; people without one last."""
    statement = (
        select(User.department, func.count())
        .where(User.organisation_id == organisation_id, User.is_active.is_(True))
        .group_by(User.department)
    )
    return grouped((name, people) for name, people in await session.execute(statement))


def grouped(counts: Iterable[tuple[str | None, int]]) -> list[DepartmentItem]:
    """Put spellings of one department together under the one most people have. Pure."""
    found: dict[str, _Department] = {}
    for name, people in counts:
        shown = (name or "").strip()
        group = found.setdefault(folded(shown), _Department())
        group.people += people
        group.spellings[shown] = group.spellings.get(shown, 0) + people
    items = [_item(group) for group in found.values()]
    return sorted(items, key=lambda it: (it.department is None, folded(it.department or "")))


def _item(group: _Department) -> DepartmentItem:
    by_use = sorted(group.spellings, key=lambda spelling: (-group.spellings[spelling], spelling))
    return DepartmentItem(department=by_use[0] or None, people=group.people, spellings=[it for it in by_use if it])
