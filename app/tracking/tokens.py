"""Who a pixel token belongs to, for the worker: one query for a frame's unknown tokens, and a cache.

The path of a hit says in which of two tables its token is looked for. The cache is emptied by a message on the Redis
channel `invalidate`, and entries expire anyway, so that a worker that missed the message is wrong for seconds only.
"""

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.campaigns.models import Campaign, CampaignPixel, CampaignRun
from app.identity.models import User
from app.store.database import Database
from app.tracking.models import OrganisationSettings, UserToken

KNOWN_SECONDS = 30.0
UNKNOWN_SECONDS = 2.0
MAX_ENTRIES = 200_000
_QUERY_CHUNK = 500


@dataclass(frozen=True, slots=True)
class TokenOwner:
    """What enrichment needs to know of a token. Ids are text, as events carry them."""

    organisation_id: str
    user_id: str
    is_active: bool
    is_tracking_on: bool
    """Of the token's kind: user tracking or campaign tracking."""
    is_country_recorded: bool
    ended_because: str | None = None
    """`rotated` or `deactivated`; None while active."""
    campaign_id: str | None = None
    """The campaign, if the token is the pixel of one."""
    runs: tuple[tuple[int, int | None], ...] = ()
    """When that campaign was active: from, until (None: it has no end yet), in ms since epoch. A planned end counts
    as one: the timer that writes it down may be late, the answer is not."""

    def was_running_at(self, at: int) -> bool:
        """Tell whether the campaign was active at a moment, in ms since epoch."""
        return any(start <= at and (end is None or at < end) for start, end in self.runs)


LookUp = Callable[[AsyncSession, Sequence[str]], Awaitable[dict[str, TokenOwner]]]


class TokenDirectory:
    """Resolves tokens. Both questions raise `UnavailableError` when the relational store is away."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._users = _Cache(database, _user_tokens, clock)
        self._campaigns = _Cache(database, _campaign_pixels, clock)

    async def owners(self, tokens: Iterable[str]) -> Mapping[str, TokenOwner]:
        """Return the owners of those of `tokens` that are user tokens, asking the store for what is not cached."""
        return await self._users.owners(tokens)

    async def campaign_owners(self, tokens: Iterable[str]) -> Mapping[str, TokenOwner]:
        """Return the owners of those of `tokens` that are pixels of campaigns, likewise."""
        return await self._campaigns.owners(tokens)

    def forget(self) -> None:
        """Empty the cache: somebody changed a token, a campaign or a setting."""
        self._users.entries.clear()
        self._campaigns.entries.clear()


class _Cache:
    """Tokens of one kind, known and unknown, each for its time."""

    def __init__(self, database: Database, look_up: LookUp, clock: Callable[[], float]) -> None:
        self._database, self._look_up, self._clock = database, look_up, clock
        self.entries: dict[str, tuple[TokenOwner | None, float]] = {}

    async def owners(self, tokens: Iterable[str]) -> Mapping[str, TokenOwner]:
        now = self._clock()
        found: dict[str, TokenOwner] = {}
        missing: list[str] = []
        for token in set(tokens):
            owner, expires_at = self.entries.get(token, (None, 0.0))
            if expires_at <= now:
                missing.append(token)
            elif owner is not None:
                found[token] = owner
        if missing:
            found |= await self._ask(missing, now)
        return found

    async def _ask(self, tokens: list[str], now: float) -> dict[str, TokenOwner]:
        found: dict[str, TokenOwner] = {}
        async with self._database.reading() as session:
            for first in range(0, len(tokens), _QUERY_CHUNK):
                found |= await self._look_up(session, tokens[first : first + _QUERY_CHUNK])
        if len(self.entries) + len(tokens) > MAX_ENTRIES:
            self.entries.clear()
        for asked in tokens:
            owner = found.get(asked)
            self.entries[asked] = (owner, now + (KNOWN_SECONDS if owner else UNKNOWN_SECONDS))
        return found


async def _user_tokens(session: AsyncSession, tokens: Sequence[str]) -> dict[str, TokenOwner]:
    rows = await session.execute(
        select(UserToken, OrganisationSettings)
        .join(OrganisationSettings, OrganisationSettings.organisation_id == UserToken.organisation_id)
        .where(UserToken.token.in_(tokens))
    )
    return {
        token.token: TokenOwner(
            organisation_id=str(token.organisation_id),
            user_id=str(token.user_id),
            is_active=token.is_active,
            is_tracking_on=settings.user_tracking_enabled,
            is_country_recorded=settings.record_country,
            ended_because=token.ended_because,
        )
        for token, settings in rows
    }


async def _campaign_pixels(session: AsyncSession, tokens: Sequence[str]) -> dict[str, TokenOwner]:
    """A pixel ends with the person: hits of people who have left are dropped like those of their own pixel."""
    rows = (
        await session.execute(
            select(CampaignPixel, OrganisationSettings, User.is_active)
            .join(OrganisationSettings, OrganisationSettings.organisation_id == CampaignPixel.organisation_id)
            .join(User, User.id == CampaignPixel.user_id)
            .where(CampaignPixel.token.in_(tokens))
        )
    ).all()
    runs = await _runs(session, {pixel.campaign_id for pixel, _, _ in rows})
    return {
        pixel.token: TokenOwner(
            organisation_id=str(pixel.organisation_id),
            user_id=str(pixel.user_id),
            is_active=is_active,
            is_tracking_on=settings.campaign_tracking_enabled,
            is_country_recorded=settings.record_country,
            ended_because=None if is_active else "deactivated",
            campaign_id=str(pixel.campaign_id),
            runs=runs.get(pixel.campaign_id, ()),
        )
        for pixel, settings, is_active in rows
    }


async def _runs(session: AsyncSession, campaigns: set[UUID]) -> dict[UUID, tuple[tuple[int, int | None], ...]]:
    found: dict[UUID, tuple[tuple[int, int | None], ...]] = {}
    if campaigns:
        statement = select(CampaignRun, Campaign.ends_at).join(Campaign, Campaign.id == CampaignRun.campaign_id)
        for run, ends_at in await session.execute(statement.where(Campaign.id.in_(campaigns))):
            end = run.ended_at if run.ended_at is not None else ends_at
            until = _ms(end) if end is not None else None
            found[run.campaign_id] = (*found.get(run.campaign_id, ()), (_ms(run.started_at), until))
    return found


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
