"""Who a pixel token belongs to, for the worker: one query for a frame's unknown tokens, and a cache.

The cache is emptied by a message on the Redis channel `invalidate`, and entries expire anyway, so that a worker that
missed the message is wrong for seconds only.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.store.database import Database
from app.tracking.models import OrganisationSettings, UserToken

KNOWN_SECONDS = 30.0
UNKNOWN_SECONDS = 2.0
MAX_ENTRIES = 200_000
_QUERY_CHUNK = 500


@dataclass(frozen=True, slots=True)
class TokenOwner:
    """What enrichment needs to know of a token."""

    organisation_id: UUID
    user_id: UUID
    is_active: bool
    is_tracking_on: bool
    is_country_recorded: bool


class TokenDirectory:
    """Resolves user tokens. `owners` raises `UnavailableError` when the relational store is away."""

    def __init__(self, database: Database, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._database, self._clock = database, clock
        self._entries: dict[str, tuple[TokenOwner | None, float]] = {}

    async def owners(self, tokens: Iterable[str]) -> Mapping[str, TokenOwner]:
        """Return the owners of those of `tokens` that exist, asking the store only for what is not cached."""
        now = self._clock()
        found: dict[str, TokenOwner] = {}
        missing: list[str] = []
        for token in set(tokens):
            owner, expires_at = self._entries.get(token, (None, 0.0))
            if expires_at <= now:
                missing.append(token)
            elif owner is not None:
                found[token] = owner
        if missing:
            found |= await self._look_up(missing, now)
        return found

    def forget(self) -> None:
        """Empty the cache: somebody changed a token or a setting."""
        self._entries.clear()

    async def _look_up(self, tokens: list[str], now: float) -> dict[str, TokenOwner]:
        found: dict[str, TokenOwner] = {}
        async with self._database.reading() as session:
            for first in range(0, len(tokens), _QUERY_CHUNK):
                rows = await session.execute(
                    select(UserToken, OrganisationSettings)
                    .join(OrganisationSettings, OrganisationSettings.organisation_id == UserToken.organisation_id)
                    .where(UserToken.token.in_(tokens[first : first + _QUERY_CHUNK]))
                )
                for token, settings in rows:
                    found[token.token] = TokenOwner(
                        organisation_id=token.organisation_id,
                        user_id=token.user_id,
                        is_active=token.is_active,
                        is_tracking_on=settings.user_tracking_enabled,
                        is_country_recorded=settings.record_country,
                    )
        if len(self._entries) + len(tokens) > MAX_ENTRIES:
            self._entries.clear()
        for asked in tokens:
            owner = found.get(asked)
            self._entries[asked] = (owner, now + (KNOWN_SECONDS if owner else UNKNOWN_SECONDS))
        return found
