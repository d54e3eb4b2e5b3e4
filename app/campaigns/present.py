"""Campaigns as the API shows them, with as much of the people as the asking role may see."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.campaigns import audience, lifecycle
from app.campaigns.models import Campaign, CampaignPixel, CampaignRun
from app.campaigns.schemas import CampaignItem, CampaignView
from app.errors import NotFoundError
from app.identity.models import User
from app.tracking.models import OrganisationSettings

_CHUNK = 500

_RUNS = select(CampaignRun).where(CampaignRun.campaign_id == Campaign.id)
LISTED = (
    Campaign,
    _RUNS.with_only_columns(func.min(CampaignRun.started_at)).scalar_subquery(),
    _RUNS.with_only_columns(CampaignRun.ended_at).order_by(CampaignRun.started_at.desc()).limit(1).scalar_subquery(),
    select(func.count()).where(CampaignPixel.campaign_id == Campaign.id).scalar_subquery(),
)
"""A campaign, when it really started, when its last run ended, and how many people have a pixel."""
_ONE = select(*LISTED).where(Campaign.id == bindparam("campaign_id"))


async def found(session: AsyncSession, organisation_id: UUID, campaign_id: UUID, *, lock: bool = False) -> Campaign:
    """Return a campaign of this organisation. Raises `NotFoundError` for any other."""
    statement = select(Campaign).where(Campaign.id == campaign_id, Campaign.organisation_id == organisation_id)
    campaign = await session.scalar(statement.with_for_update() if lock else statement)
    if campaign is None:
        raise unknown()
    return campaign


def unknown() -> NotFoundError:
    """Return what is raised for a campaign that the organisation does not have."""
    return NotFoundError("Your organisation has no such campaign; GET /api/admin/campaigns lists those it has.")


async def view(session: AsyncSession, campaign: Campaign, *, are_people_shown: bool) -> CampaignView:
    """Return all of one campaign."""
    (item,) = await items(session, (await session.execute(_ONE, {"campaign_id": campaign.id})).all())
    runs = (await runs_of(session, [campaign.id])).get(campaign.id, [])
    wanted = audience.of(campaign)
    people = await audience.people(session, campaign.organisation_id, wanted.people) if are_people_shown else []
    author = await session.get(User, campaign.created_by) if campaign.created_by and are_people_shown else None
    settings = await session.get_one(OrganisationSettings, campaign.organisation_id)
    return CampaignView(
        **dict(item),
        description=campaign.description,
        audience=wanted if are_people_shown else wanted.model_copy(update={"people": []}),
        audience_people=people,
        banner_html=campaign.banner_html,
        runs=[{"started_at": run.started_at, "ended_at": run.ended_at} for run in runs],
        steps=lifecycle.possible_steps(item.state),
        is_tracking_on=settings.campaign_tracking_enabled,
        created_at=campaign.created_at,
        created_by=author.name if author else None,
        version=campaign.version,
    )


async def items(session: AsyncSession, listed: Sequence[Row[*tuple[Any, ...]]]) -> list[CampaignItem]:
    """Return campaigns as a list shows them, in the same order, from rows of `LISTED`."""
    return [
        CampaignItem.model_validate(
            _plain(campaign)
            | {
                "started_at": started_at,
                "ended_at": ended_at if campaign.state == "ended" else None,
                "people": await audience.size(session, campaign) if campaign.state == "draft" else pixels,
            }
        )
        for campaign, started_at, ended_at, pixels in listed
    ]


async def runs_of(session: AsyncSession, campaigns: Sequence[UUID]) -> dict[UUID, list[CampaignRun]]:
    """Return when campaigns were active, oldest first."""
    found: dict[UUID, list[CampaignRun]] = {}
    for start in range(0, len(campaigns), _CHUNK):
        some = campaigns[start : start + _CHUNK]
        statement = select(CampaignRun).where(CampaignRun.campaign_id.in_(some)).order_by(CampaignRun.started_at)
        for run in await session.scalars(statement):
            found.setdefault(run.campaign_id, []).append(run)
    return found


def _plain(campaign: Campaign) -> dict[str, Any]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "state": campaign.state,
        "starts_at": campaign.starts_at,
        "ends_at": campaign.ends_at,
        "audience_kind": campaign.audience,
        "departments": campaign.audience_members if campaign.audience == "departments" else [],
        "updated_at": campaign.updated_at,
    }
