"""`/api/admin/tracking/*`: statistics of the organisation, and of one person for those who may see people."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from app.dependencies import AdminDep, CallerDep, Now, ResourcesDep
from app.errors import ForbiddenError
from app.identity.caller import Caller
from app.identity.roles import ADMIN_ROLES
from app.ready import Ready
from app.team import service
from app.team.people import person_and_viewer
from app.team.period import TeamPeriod, asked_period
from app.team.schemas import OrganisationStats, PersonStats, PersonView
from app.tracking.explain import explain, explained
from app.tracking.routes import ClickHouseDep
from app.tracking.schemas import DailyOpens, Explanation
from app.tracking.zone_data import zone as zone_of

router = APIRouter(prefix="/api/admin/tracking", tags=["team"])


async def get_manager(caller: CallerDep) -> Caller:
    """Return the caller if their role may see the organisation's statistics; members see their own only."""
    if caller.user.role not in ADMIN_ROLES and caller.user.role != "analyst":
        raise ForbiddenError(
            f"Statistics of all of {caller.organisation.name} are for owners, admins and analysts. Your own are at "
            "/api/tracking/my-stats."
        )
    return caller


async def get_period(
    caller: Annotated[Caller, Depends(get_manager)],
    now: Now,
    days: Annotated[int | None, Query(ge=1, le=366, description="Last local days, today included. Default 30.")] = None,
    first: Annotated[date | None, Query(alias="from", description="First local day, with `to`.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Last local day, included.")] = None,
) -> TeamPeriod:
    """Return the period asked about, in the organisation's zone."""
    return asked_period(days=days, first=first, last=last, now=now, zone=zone_of(caller.organisation.time_zone))


ManagerDep = Annotated[Caller, Depends(get_manager)]
PeriodDep = Annotated[TeamPeriod, Depends(get_period)]


async def get_team(caller: ManagerDep, resources: ResourcesDep) -> service.Team:
    """Return the caller's organisation, with as much of its people as the caller's role may see."""
    people = await resources.people.of(caller.organisation.id)
    may_see_people = caller.user.role in ADMIN_ROLES
    return service.Team(
        organisation_id=caller.organisation.id,
        time_zone=caller.organisation.time_zone,
        exclude_bots=caller.settings.exclude_bots,
        people=people,
        min_people=None if may_see_people else caller.settings.department_min_people,
    )


TeamDep = Annotated[service.Team, Depends(get_team)]
UserId = Annotated[UUID, Path(alias="userId", description="A person of the caller's organisation.")]


@router.get("/organization-stats", response_model=OrganisationStats)
async def organisation_stats(
    *,
    request: Request,
    period: PeriodDep,
    team: TeamDep,
    clickhouse: ClickHouseDep,
    resources: ResourcesDep,
    now: Now,
    top: Annotated[int, Query(ge=1, le=100, description="At most so many top performers.")] = 5,
) -> Response:
    """Return the organisation's opens by person and department. Analysts see departments of a minimum size only."""

    async def answer() -> Ready:
        counted = await resources.answers.remembered(
            team.organisation_id,
            (service.QUERY, period.asked, period.before, team.exclude_bots),
            lambda: service.count(clickhouse, resources.closed_days, team, period, now=now),
            now=now,
        )
        return await Ready.of(service.organisation_stats(counted, team, period, top=top))

    ready = await resources.answers.remembered(
        team.organisation_id, ("organization-stats", team.asked_about, period, top), answer, now=now
    )
    return ready.response(request)


@router.get("/organization-stats/explain")
async def explain_organisation_stats(
    *, period: PeriodDep, team: TeamDep, clickhouse: ClickHouseDep, resources: ResourcesDep, now: Now
) -> Explanation:
    """Return the SQL behind each number, with the same period filled in."""
    asked = await service.questions(clickhouse, resources.closed_days, team, period, now=now)
    return explained(clickhouse.queries, asked)


@router.get("/user/{userId}/stats")
async def user_stats(user_id: UserId, caller: AdminDep, resources: ResourcesDep, now: Now) -> PersonStats:
    """Return what this person sees as my-stats, in their own days and weeks. Owners and admins only."""
    async with resources.database.reading() as session:
        user, viewer = await person_and_viewer(session, caller.organisation.id, user_id)
    stats = await resources.answers.remembered(
        viewer.organisation_id, ("my-stats", viewer), lambda: resources.my_stats.count(viewer), now=now
    )
    person = PersonView(id=user.id, name=user.name, department=user.department or None, is_active=user.is_active)
    return PersonStats(**dict(stats), person=person)


@router.get("/user/{userId}/stats/daily")
async def user_stats_daily(
    *,
    user_id: UserId,
    caller: AdminDep,
    resources: ResourcesDep,
    now: Now,
    days: Annotated[int, Query(ge=1, le=366, description="How many local days, today included.")] = 30,
) -> DailyOpens:
    """Return this person's opens by their own local days, today last. Owners and admins only."""
    async with resources.database.reading() as session:
        _, viewer = await person_and_viewer(session, caller.organisation.id, user_id)
    return await resources.answers.remembered(
        viewer.organisation_id,
        ("daily", viewer, days),
        lambda: resources.my_stats.daily(viewer, days),
        now=now,
    )


@router.get("/user/{userId}/stats/explain")
async def explain_user_stats(
    user_id: UserId, caller: AdminDep, resources: ResourcesDep, clickhouse: ClickHouseDep, now: Now
) -> Explanation:
    """Return the SQL behind this person's figures. Owners and admins only."""
    async with resources.database.reading() as session:
        _, viewer = await person_and_viewer(session, caller.organisation.id, user_id)
    return explain(clickhouse.queries, viewer, now=now)
