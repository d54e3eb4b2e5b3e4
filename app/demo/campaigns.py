"""The demo's campaigns: one that is over, one that runs, and a draft; made and led as administrators do it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.service import SYSTEM
from app.campaigns import drafts
from app.campaigns.models import Campaign, CampaignPixel
from app.campaigns.present import runs_of
from app.campaigns.running import take_step
from app.campaigns.schemas import Audience, CampaignDraft
from app.demo.opens import Carried, Stretch
from app.identity.models import Organisation, User
from app.tracking.zone_data import zone as zone_of

FEWEST_DAYS = 40
"""Shorter stories have no room for a campaign and the weeks it is compared with."""
_WEEK = timedelta(weeks=1)


class Plan(NamedTuple):
    """One campaign. `begins` and `lasts` are shares of the story's days, counted back from its end; None: a draft."""

    name: str
    description: str
    banner: tuple[str, str, str]
    """Colour, the line in bold, the line below it."""
    departments: tuple[str, ...] = ()
    """Who is reached; empty: everybody."""
    begins: float | None = None
    lasts: float | None = None
    """None: it still runs."""
    interest: float = 1.0
    """How much likelier a mail that carries it is looked at."""


PLANS = (
    Plan(
        "Customer day in Riyadh",
        "Everybody invites to the customer day: programme, speakers, places left.",
        ("#9a3412", "Customer day in Riyadh", "Twelve talks, one evening in the old town. Choose your seat."),
        begins=0.62,
        lasts=0.16,
        interest=1.4,
    ),
    Plan(
        "New release",
        "Sales and Customer Success tell what is new, until the release is out.",
        ("#115e59", "The new release is near", "See what is new in four minutes."),
        departments=("Sales", "Customer Success"),
        begins=0.1,
    ),
    Plan(
        "We are hiring",
        "For Marketing; waits for the new careers page.",
        ("#3730a3", "We are hiring", "Twelve open places in five cities."),
        departments=("Marketing",),
    ),
)


async def add_campaigns(
    session: AsyncSession, organisation: Organisation, *, until: datetime, days: int
) -> dict[UUID, list[Carried]]:
    """Make sure that the campaigns are there, each found by its name; return what each person's mail carries, and when.

    None in a story of less than `FEWEST_DAYS`. Those that were there stay as they are, whatever became of them.
    """
    carried = defaultdict[UUID, list[Carried]](list)
    for plan in PLANS if days >= FEWEST_DAYS else ():
        where = (Campaign.organisation_id == organisation.id, Campaign.name == plan.name)
        campaign = await session.scalar(select(Campaign).where(*where).order_by(Campaign.created_at).limit(1))
        campaign = campaign or await _make(session, organisation, plan, until=until, days=days)
        runs = (await runs_of(session, [campaign.id])).get(campaign.id, [])
        ends_at = campaign.ends_at or until
        stretches = tuple(Stretch(run.started_at, run.ended_at or min(until, ends_at)) for run in runs)
        for pixel in await session.scalars(select(CampaignPixel).where(CampaignPixel.campaign_id == campaign.id)):
            carried[pixel.user_id].append(Carried(pixel.token, stretches, plan.interest))
    return carried


async def _make(
    session: AsyncSession, organisation: Organisation, plan: Plan, *, until: datetime, days: int
) -> Campaign:
    """Make a campaign at the time it would have been made, and lead it through its life up to now."""
    starts_at, ends_at = _times(plan, until=until.astimezone(zone_of(organisation.time_zone)), days=days)
    made_at = min(until, (starts_at or until) - timedelta(days=2))
    draft = CampaignDraft(
        name=plan.name,
        description=plan.description,
        starts_at=starts_at,
        ends_at=ends_at,
        audience=await _audience(session, organisation.id, plan.departments),
        banner_html=_banner(*plan.banner),
    )
    campaign = await drafts.create(session, organisation.id, draft, actor=SYSTEM, now=made_at)
    if starts_at is not None:
        await take_step(session, campaign, "start", actor=SYSTEM, now=starts_at)
    if ends_at is not None and ends_at <= until:
        await take_step(session, campaign, "end", actor=SYSTEM, now=ends_at)
    await session.flush()
    return campaign


def _times(plan: Plan, *, until: datetime, days: int) -> tuple[datetime | None, datetime | None]:
    """Return start and end: Mondays at eight o'clock where the organisation is, whole weeks apart."""
    if plan.begins is None:
        return None, None
    day = until.date() - timedelta(days=max(1, round(days * plan.begins)))
    start = datetime.combine(day - timedelta(days=day.weekday()), time(8), tzinfo=until.tzinfo)
    if plan.lasts is not None:
        return start, start + max(1, round(days * plan.lasts / 7)) * _WEEK
    return start, start + ((until - start) // _WEEK + 2) * _WEEK


async def _audience(session: AsyncSession, organisation_id: UUID, wanted: Sequence[str]) -> Audience:
    """Return those of the departments that somebody is in; everybody if there is none."""
    where = (User.organisation_id == organisation_id, User.is_active.is_(True), User.department.in_(wanted))
    found = [name for name in await session.scalars(select(User.department).where(*where).distinct()) if name]
    return Audience(kind="departments", departments=found) if found else Audience()


def _banner(colour: str, title: str, line: str) -> str:
    """Return a banner without pictures: nothing is loaded from anywhere."""
    return (
        f'<table cellpadding="0" cellspacing="0" border="0" role="presentation"><tbody><tr><td bgcolor="{colour}" '
        f'style="padding:10px 16px;background-color:{colour}"><a href="https://demo.example/" style="color:#ffffff;'
        f'text-decoration:none;font-size:14px;line-height:20px"><b>{title}</b><br>{line}</a></td></tr></tbody></table>'
    )
