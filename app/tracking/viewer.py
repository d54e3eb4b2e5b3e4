"""For whom statistics are computed: the few facts about a person that decide every number."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.identity.models import User
from app.identity.roles import ADMIN_ROLES
from app.tracking.calendar import week_starts_on
from app.tracking.models import OrganisationSettings


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
        return ZoneInfo(self.time_zone)

    @property
    def week_start(self) -> int:
        """ISO weekday on which this person's weeks start."""
        return week_starts_on(self.locale)

    @classmethod
    def of(cls, user: User, settings: OrganisationSettings) -> Self:
        """Take what matters from the rows."""
        is_shown = settings.show_user_dashboard or user.role in ADMIN_ROLES
        return cls(user.organisation_id, user.id, user.time_zone, user.locale, settings.exclude_bots, is_shown)


async def find_viewer(session: AsyncSession, *, organisation_id: UUID, user_id: UUID) -> Viewer | None:
    """Return the viewer if this organisation has such an active user."""
    statement = (
        select(User, OrganisationSettings)
        .join(OrganisationSettings, OrganisationSettings.organisation_id == User.organisation_id)
        .where(User.id == user_id, User.organisation_id == organisation_id, User.is_active.is_(True))
    )
    row = (await session.execute(statement)).one_or_none()
    return Viewer.of(*row) if row is not None else None
