"""For whom statistics are computed: the few facts about a person that decide every number."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.models import User
from app.identity.roles import ADMIN_ROLES
from app.tracking.calendar import week_starts_on
from app.tracking.models import OrganisationSettings
from app.tracking.zone_data import zone as zone_of

_IDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person whose opens are counted; ids scope every query."""

    organisation_id: UUID
    user_id: UUID
    time_zone: str
    locale: str
    exclude_bots: bool
    is_dashboard_shown: bool = True
    """False: the organisation keeps statistics of a person to owners and admins."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which this person's days are cut."""
        return zone_of(self.time_zone)

    @property
    def week_start(self) -> int:
        """ISO weekday on which this person's weeks start."""
        return week_starts_on(self.locale)

    @property
    def days(self) -> tuple[UUID, str, int, bool]:
        """What people have in common whose numbers can be asked for together: the same days, counted alike."""
        return self.organisation_id, self.time_zone, self.week_start, self.exclude_bots

    @classmethod
    def of(cls, user: User, settings: OrganisationSettings) -> Self:
        """Take what matters from the rows."""
        is_shown = settings.show_user_dashboard or user.role in ADMIN_ROLES
        return cls(user.organisation_id, user.id, user.time_zone, user.locale, settings.exclude_bots, is_shown)


_PEOPLE = (
    select(
        User.organisation_id,
        User.id,
        User.time_zone,
        User.locale,
        OrganisationSettings.exclude_bots,
        or_(OrganisationSettings.show_user_dashboard, User.role.in_(ADMIN_ROLES)),
    )
    .join(OrganisationSettings, OrganisationSettings.organisation_id == User.organisation_id)
    .where(User.id.in_(bindparam("ids", expanding=True)), User.is_active.is_(True))
)


async def find_viewers(session: AsyncSession, people: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Viewer]:
    """Return those of `people`, given as (organisation, user), who are active users of their organisation."""
    ids = [user_id for _, user_id in people]
    found: dict[tuple[UUID, UUID], Viewer] = {}
    for start in range(0, len(ids), _IDS_AT_ONCE):
        rows = await session.execute(_PEOPLE, {"ids": ids[start : start + _IDS_AT_ONCE]})
        viewers = (Viewer(*row) for row in rows)
        found |= {(viewer.organisation_id, viewer.user_id): viewer for viewer in viewers}
    return {key: viewer for key, viewer in found.items() if key in people}
