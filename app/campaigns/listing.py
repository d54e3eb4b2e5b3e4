"""The list of campaigns: search, states, pages; newest first."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from app.campaigns import present
from app.campaigns.lifecycle import STATES, State
from app.campaigns.models import Campaign
from app.campaigns.schemas import CampaignPage
from app.errors import BadInputError
from app.store.patterns import ESCAPE, as_pattern


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
    words = search.replace("\0", " ").split()
    asked: dict[str, object] = {f"word_{number}": as_pattern(word) for number, word in enumerate(words)}
    asked |= {"organisation_id": organisation_id, "states": list(states), "most": limit + 1}
    if cursor:
        asked["after"], asked["after_id"] = _parsed(cursor)
    made = _statements(len(words), are_states_asked=bool(states), is_after=bool(cursor))
    counts = dict((await session.execute(made.counts, asked)).all())
    rows = (await session.execute(made.page, asked)).all()
    shown = rows[:limit]
    return CampaignPage(
        data=await present.items(session, shown),
        next_cursor=_cursor(shown[-1][0]) if len(rows) > limit else None,
        counts={state: counts.get(state, 0) for state in STATES},
    )


class _Statements(NamedTuple):
    counts: Select[str, int]
    page: Select[*tuple[Any, ...]]


@lru_cache(maxsize=64)
def _statements(words: int, *, are_states_asked: bool, is_after: bool) -> _Statements:
    """Return both, made once for each shape of a question: making them costs more than SQLite takes to answer."""
    matching: list[ColumnElement[bool]] = [Campaign.organisation_id == bindparam("organisation_id")]
    for number in range(words):
        word: BindParameter[str] = bindparam(f"word_{number}")
        matching.append(or_(*(text.icontains(word, escape=ESCAPE) for text in (Campaign.name, Campaign.description))))
    counts = select(Campaign.state, func.count()).where(*matching).group_by(Campaign.state)
    page = select(*present.LISTED).where(*matching).limit(bindparam("most"))
    page = page.order_by(Campaign.created_at.desc(), Campaign.id.desc())
    if are_states_asked:
        page = page.where(Campaign.state.in_(bindparam("states", expanding=True)))
    if is_after:
        after = bindparam("after", type_=Campaign.created_at.type), bindparam("after_id", type_=Campaign.id.type)
        page = page.where(tuple_(Campaign.created_at, Campaign.id) < tuple_(*after))
    return _Statements(counts, page)


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
