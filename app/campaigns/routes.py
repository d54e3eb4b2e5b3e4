"""`/api/admin/campaigns`: for owners and admins; analysts may look, without people."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response, status

from app.audit.service import Actor
from app.campaigns import drafts, listing, present, statistics
from app.campaigns.lifecycle import State, Step
from app.campaigns.running import announce, take_step
from app.campaigns.schemas import (
    CampaignChange,
    CampaignCopy,
    CampaignDraft,
    CampaignPage,
    CampaignStep,
    CampaignView,
)
from app.campaigns.stats_schemas import CampaignStats
from app.campaigns.subject import Subject, read
from app.campaigns.subject import subject as subject_of
from app.dependencies import AdminDep, CallerDep, Now, ResourcesDep
from app.errors import ForbiddenError
from app.identity.caller import Caller
from app.identity.roles import ADMIN_ROLES
from app.ready import Ready
from app.resources import Resources
from app.tracking.explain import explained
from app.tracking.routes import ClickHouseDep
from app.tracking.schemas import Explanation

router = APIRouter(prefix="/api/admin/campaigns", tags=["campaigns"])

CHANGED: dict[int | str, dict[str, Any]] = {
    409: {"description": "It changed since `version` (`current` is what it is), or its state does not allow this."}
}


async def get_reader(caller: CallerDep) -> Caller:
    """Return the caller if their role may see campaigns."""
    if caller.user.role not in ADMIN_ROLES and caller.user.role != "analyst":
        raise ForbiddenError(
            f"Campaigns of {caller.organisation.name} are for owners, admins and analysts. What your own signature "
            "shows is at /api/tracking/my-signature."
        )
    return caller


ReaderDep = Annotated[Caller, Depends(get_reader)]
CampaignId = Annotated[UUID, Path(alias="campaignId", description="A campaign of the caller's organisation.")]


@router.get("")
async def campaigns(
    *,
    caller: ReaderDep,
    resources: ResourcesDep,
    state: Annotated[list[State] | None, Query(description="Only these states; several are possible.")] = None,
    search: Annotated[str, Query(max_length=200, description="Words, all of them in name or description.")] = "",
    cursor: Annotated[str | None, Query(max_length=200, description="`nextCursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="At most so many.")] = 50,
) -> CampaignPage:
    """Return the organisation's campaigns, newest first, and how many there are in each state."""
    async with resources.database.reading() as session:
        return await listing.page(
            session, caller.organisation.id, states=state or (), search=search, cursor=cursor, limit=limit
        )


@router.post("", status_code=status.HTTP_201_CREATED)
async def create_campaign(
    body: CampaignDraft, caller: AdminDep, resources: ResourcesDep, now: Now, response: Response
) -> CampaignView:
    """Make a draft. With `startsAt` it starts by itself at that time; without, somebody starts it."""
    async with resources.database.session() as session:
        made = await drafts.create(session, caller.organisation.id, body, actor=Actor.of(caller), now=now)
        response.headers["location"] = f"{router.prefix}/{made.id}"
        return await present.view(session, made, are_people_shown=True)


@router.get("/{campaignId}")
async def campaign(campaign_id: CampaignId, caller: ReaderDep, resources: ResourcesDep) -> CampaignView:
    """Return one campaign. Analysts get no names of people."""
    async with resources.database.reading() as session:
        found = await present.found(session, caller.organisation.id, campaign_id)
        return await present.view(session, found, are_people_shown=caller.user.role in ADMIN_ROLES)


@router.put("/{campaignId}", responses=CHANGED)
async def change_campaign(
    campaign_id: CampaignId, body: CampaignChange, caller: AdminDep, resources: ResourcesDep, now: Now
) -> CampaignView:
    """Save a campaign if it is still at `version`. What has happened already (its start, its audience) stays."""
    async with resources.database.session() as session:
        found = await present.found(session, caller.organisation.id, campaign_id, lock=True)
        is_changed = await drafts.change(session, found, body, actor=Actor.of(caller), now=now)
        await session.flush()
        saved = await present.view(session, found, are_people_shown=True)
    if is_changed:
        await announce(resources.redis, caller.organisation.id)
    return saved


@router.delete("/{campaignId}", status_code=status.HTTP_204_NO_CONTENT, responses=CHANGED)
async def delete_campaign(campaign_id: CampaignId, caller: AdminDep, resources: ResourcesDep, now: Now) -> None:
    """Delete a draft. What ran stays, with its opens, and can only be ended."""
    async with resources.database.session() as session:
        found = await present.found(session, caller.organisation.id, campaign_id, lock=True)
        await drafts.delete(session, found, actor=Actor.of(caller), now=now)


@router.post("/{campaignId}/duplicate", status_code=status.HTTP_201_CREATED)
async def duplicate_campaign(
    campaign_id: CampaignId, caller: AdminDep, resources: ResourcesDep, now: Now, body: CampaignCopy | None = None
) -> CampaignView:
    """Make a draft with the same audience and banner, without times."""
    async with resources.database.session() as session:
        found = await present.found(session, caller.organisation.id, campaign_id)
        name = (body.name if body else None) or f"{found.name[:193]} (copy)"
        copy = await drafts.duplicate(session, found, name=name, actor=Actor.of(caller), now=now)
        return await present.view(session, copy, are_people_shown=True)


async def get_subject(campaign_id: CampaignId, caller: ReaderDep, resources: ResourcesDep, now: Now) -> Subject:
    """Return what to count. Raises `ForbiddenError` for analysts where a sum would be that of a person or two."""
    may_see_people = caller.user.role in ADMIN_ROLES
    async with resources.database.reading() as session:
        found = await read(session, caller.organisation.id, campaign_id)
    subject = subject_of(
        found,
        resources.pixels.of(campaign_id, found.pixels),
        await resources.people.of(caller.organisation.id),
        time_zone=caller.organisation.time_zone,
        exclude_bots=caller.settings.exclude_bots,
        retention_days=caller.settings.retention_days,
        min_people=None if may_see_people else caller.settings.department_min_people,
        now=now,
    )
    least = subject.min_people
    if least is not None and 0 < len(subject.members) < least:
        raise ForbiddenError(
            f"This campaign reaches fewer than {least} people, so its figures would be those of persons. They are for "
            "owners and admins.",
            minimum=least,
        )
    return subject


SubjectDep = Annotated[Subject, Depends(get_subject)]


@router.get("/{campaignId}/stats", response_model=CampaignStats)
async def campaign_stats(
    request: Request, subject: SubjectDep, clickhouse: ClickHouseDep, resources: ResourcesDep, now: Now
) -> Response:
    """Return a campaign's opens in all, by day, department and person, against the same people's everyday opens.

    Analysts get departments of a minimum size, and no people.
    """
    organisation_id = subject.campaign.organisation_id

    async def answer() -> Ready:
        counted = await resources.answers.remembered(
            organisation_id,
            ("campaign-counts", subject.asked_about),
            lambda: statistics.count(clickhouse, resources.closed_days, subject, now=now),
            now=now,
        )
        return await Ready.of(statistics.campaign_stats(counted, subject, now=now))

    ready = await resources.answers.remembered(organisation_id, ("campaign-stats", subject.shown), answer, now=now)
    return ready.response(request)


@router.get("/{campaignId}/stats/explain")
async def explain_campaign_stats(
    subject: SubjectDep, clickhouse: ClickHouseDep, resources: ResourcesDep, now: Now
) -> Explanation:
    """Return the SQL behind each number, with the same stretches of time filled in."""
    asked = await statistics.questions(clickhouse, resources.closed_days, subject, now=now)
    return explained(clickhouse.queries, asked)


class Stepper:
    """Takes one step for a request."""

    def __init__(self, caller: Caller, resources: Resources, now: datetime) -> None:
        self._caller, self._resources, self._now = caller, resources, now

    async def take(self, campaign_id: UUID, step: Step, body: CampaignStep | None) -> CampaignView:
        """Lead the campaign on, tell the workers, and return what it is then."""
        organisation_id = self._caller.organisation.id
        async with self._resources.database.session() as session:
            found = await present.found(session, organisation_id, campaign_id, lock=True)
            await drafts.check_version(session, found, body.version if body else None)
            await take_step(session, found, step, actor=Actor.of(self._caller), now=self._now)
            await session.flush()
            view = await present.view(session, found, are_people_shown=True)
        await announce(self._resources.redis, organisation_id)
        return view


async def get_stepper(caller: AdminDep, resources: ResourcesDep, now: Now) -> Stepper:
    """Return what takes the steps of this request."""
    return Stepper(caller, resources, now)


StepperDep = Annotated[Stepper, Depends(get_stepper)]


@router.post("/{campaignId}/start", responses=CHANGED)
async def start_campaign(
    campaign_id: CampaignId, stepper: StepperDep, body: CampaignStep | None = None
) -> CampaignView:
    """Start a draft now, whatever its planned start: its audience gets pixels, and hits of them count from now."""
    return await stepper.take(campaign_id, "start", body)


@router.post("/{campaignId}/pause", responses=CHANGED)
async def pause_campaign(
    campaign_id: CampaignId, stepper: StepperDep, body: CampaignStep | None = None
) -> CampaignView:
    """Pause an active campaign: signatures lose its pixel, and hits of mail already sent are not counted meanwhile."""
    return await stepper.take(campaign_id, "pause", body)


@router.post("/{campaignId}/resume", responses=CHANGED)
async def resume_campaign(
    campaign_id: CampaignId, stepper: StepperDep, body: CampaignStep | None = None
) -> CampaignView:
    """Resume a paused campaign with the same pixels."""
    return await stepper.take(campaign_id, "resume", body)


@router.post("/{campaignId}/end", responses=CHANGED)
async def end_campaign(campaign_id: CampaignId, stepper: StepperDep, body: CampaignStep | None = None) -> CampaignView:
    """End a campaign before its time. It cannot be started again, only duplicated."""
    return await stepper.take(campaign_id, "end", body)
