"""What others ask about campaigns: which pixels a person's signature carries at this moment."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.campaigns.models import Campaign, CampaignPixel
from app.identity.models import User
from app.tracking.models import OrganisationSettings


@dataclass(frozen=True, slots=True)
class ActivePixel:
    """A campaign active for a person: the token for `/api/t/p/{token}.gif`, and its clean banner (maybe empty)."""

    campaign_id: UUID
    name: str
    token: str
    banner_html: str


async def active_pixels(session: AsyncSession, organisation_id: UUID, user_id: UUID) -> list[ActivePixel]:
    """Return the pixels of the active campaigns of an active person, the campaign created last first.

    None while the organisation's campaign tracking is off (SPEC H13).
    """
    return (await active_pixels_of(session, organisation_id, user_id=user_id)).get(user_id, [])


async def active_pixels_of(
    session: AsyncSession, organisation_id: UUID, *, user_id: UUID | None = None
) -> dict[UUID, list[ActivePixel]]:
    """Return the same by person, for everybody of the organisation who has any (or one person): one statement."""
    statement = (
        select(CampaignPixel.user_id, CampaignPixel.token, Campaign)
        .join(Campaign, Campaign.id == CampaignPixel.campaign_id)
        .join(User, User.id == CampaignPixel.user_id)
        .join(OrganisationSettings, OrganisationSettings.organisation_id == CampaignPixel.organisation_id)
        .where(
            CampaignPixel.organisation_id == organisation_id,
            Campaign.state == "active",
            User.is_active.is_(True),
            OrganisationSettings.campaign_tracking_enabled.is_(True),
        )
        .order_by(Campaign.created_at.desc(), Campaign.id)
    )
    if user_id is not None:
        statement = statement.where(CampaignPixel.user_id == user_id)
    found: dict[UUID, list[ActivePixel]] = {}
    for person, token, campaign in await session.execute(statement):
        found.setdefault(person, []).append(ActivePixel(campaign.id, campaign.name, token, campaign.banner_html))
    return found
