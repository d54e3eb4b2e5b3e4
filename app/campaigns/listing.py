"""The list of campaigns: search, states, pages; newest first."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.campaigns import present
from app.campaigns.lifecycle import STATES, State
from app.campaigns.models import Campaign
from app.campaigns.schemas import CampaignPage
from app.errors import BadInputError


async def page(
    session: AsyncSession,
    organisation_id: UUID,
    *,
    states: Sequence[State],
    search: str,
    cursor: str | None,
    limit: int,
) -> CampaignPage:
    """Return one page, and how many campaigns match the search in each state. No states: all of them.

    Raises `BadInputError` for a cursor that is none.
    """
    matching = [Campaign.organisation_id == organisation_id, *_words(search)]
    counted = select(Campaign.state, func.count()).where(*matching).group_by(Campaign.state)
    counts = dict((await session.execute(counted)).all())
    statement = select(Campaign).where(*matching).order_by(Campaign.created_at.desc(), Campaign.id.desc())
    if states:
        statement = statement.where(Campaign.state.in_(states))
    if cursor:
        statement = statement.where(tuple_(Campaign.created_at, Campaign.id) < _parsed(cursor))
    rows = (await session.scalars(statement.limit(limit + 1))).all()
    shown = rows[:limit]
    return CampaignPage(
        data=await present.items(session, shown),
        next_cursor=_cursor(shown[-1]) if len(rows) > limit else None,
        counts={state: counts.get(state, 0) for state in STATES},
    )


def _words(search: str) -> list[ColumnElement[bool]]:
    return [
        Campaign.name.icontains(word, autoescape=True) | Campaign.description.icontains(word, autoescape=True)
        for word in search.replace("\0", " ").split()
    ]


def _cursor(campaign: Campaign) -> str:
    return urlsafe_b64encode(f"{campaign.created_at.isoformat()} {campaign.id}".encode()).decode().rstrip("=")


def _parsed(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, _, id_ = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        return moment, UUID(id_)
    except ValueError as error:
        raise BadInputError("cursor: send `nextCursor` of the page before, unchanged.", field="cursor") from error
