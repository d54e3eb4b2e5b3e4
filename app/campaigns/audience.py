"""Who a campaign reaches: everybody, departments, or a list of people; only those who are active."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.campaigns.models import Campaign
from app.campaigns.schemas import Audience, AudiencePerson
from app.errors import BadInputError
from app.identity.models import User
from app.people.departments import departments_of
from app.people.texts import folded

_CHUNK = 5_000
"""Ids in one statement: stores limit the number of parameters."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Reached:
    """Somebody a campaign reaches, and the department they are in at this moment."""

    user_id: UUID
    department: str | None


def stored(audience: Audience) -> list[str]:
    """Return what `Campaign.audience_members` holds: each once, in a stable order."""
    if audience.kind == "departments":
        return sorted({folded(name): name for name in reversed(audience.departments)}.values(), key=folded)
    return sorted({str(id_) for id_ in audience.people}) if audience.kind == "people" else []


def of(campaign: Campaign) -> Audience:
    """Return a campaign's audience as the API says it."""
    members = {"departments": "departments", "people": "people"}.get(campaign.audience)
    return Audience.model_validate(
        {"kind": campaign.audience} | ({members: campaign.audience_members} if members else {})
    )


async def check(session: AsyncSession, organisation_id: UUID, audience: Audience) -> None:
    """Raise `BadInputError` for departments nobody is in, and for people of no or another organisation."""
    if audience.kind == "departments":
        known = {folded(item.department) for item in await departments_of(session, organisation_id) if item.department}
        unknown = [name for name in audience.departments if folded(name) not in known]
        if unknown:
            raise BadInputError(
                f"audience.departments: nobody active is in {_listed(unknown)}; GET /api/admin/people/departments "
                "names those that exist.",
                field="audience.departments",
            )
    if audience.kind == "people":
        found = {person.id for person in await people(session, organisation_id, audience.people)}
        missing = [str(id_) for id_ in audience.people if id_ not in found]
        if missing:
            raise BadInputError(
                f"audience.people: your organisation has no {_listed(missing)}; GET /api/admin/people lists "
                "its people.",
                field="audience.people",
            )


async def reached(session: AsyncSession, campaign: Campaign) -> list[Reached]:
    """Return the active people the campaign reaches now."""
    everybody = select(User.id, User.department).where(
        User.organisation_id == campaign.organisation_id, User.is_active.is_(True)
    )
    if campaign.audience == "people":
        rows = [
            row
            for ids in _chunks([UUID(member) for member in campaign.audience_members])
            for row in await session.execute(everybody.where(User.id.in_(ids)))
        ]
        return [_reached(id_, department) for id_, department in rows]
    found = [_reached(id_, department) for id_, department in await session.execute(everybody)]
    if campaign.audience == "everybody":
        return found
    wanted = {folded(name) for name in campaign.audience_members}
    return [person for person in found if person.department is not None and folded(person.department) in wanted]


async def size(session: AsyncSession, campaign: Campaign) -> int:
    """Return how many people the campaign would reach now."""
    if campaign.audience == "people":
        return len(await reached(session, campaign))
    if campaign.audience == "everybody":
        where = (User.organisation_id == campaign.organisation_id, User.is_active.is_(True))
        return (await session.scalar(select(func.count()).select_from(User).where(*where))) or 0
    wanted = {folded(name) for name in campaign.audience_members}
    departments = await departments_of(session, campaign.organisation_id)
    return sum(item.people for item in departments if item.department and folded(item.department) in wanted)


async def people(session: AsyncSession, organisation_id: UUID, ids: Iterable[UUID]) -> list[AudiencePerson]:
    """Return those of the ids that are people of the organisation, by name."""
    found: list[AudiencePerson] = []
    for chunk in _chunks(list(ids)):
        rows = await session.scalars(select(User).where(User.organisation_id == organisation_id, User.id.in_(chunk)))
        found += [
            AudiencePerson(id=user.id, name=user.name, department=_name(user.department), is_active=user.is_active)
            for user in rows
        ]
    return sorted(found, key=lambda person: (person.name.casefold(), person.id))


def _reached(user_id: UUID, department: str | None) -> Reached:
    return Reached(user_id, _name(department))


def _name(department: str | None) -> str | None:
    return (department or "").strip() or None


def _chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {len(names) - _SHOWN} more" if len(names) > _SHOWN else shown
