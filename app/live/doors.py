"""Open live streams as doors: each ends within seconds when the session or key it was opened with does.

A request is let in once; a stream stays for half an hour. So every stream is looked at again: at once when the end of a
credential is announced over Redis, and by itself every few seconds, for what ends by the clock and while Redis is away.
One statement for each kind of credential asks for all streams of the process.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import TooManyRequestsError, UnavailableError
from app.identity.caller import Caller
from app.identity.models import ApiKey, Session, User
from app.identity.service import is_usable
from app.store.database import Database

RECHECK_SECONDS = 5.0
"""Longest time that a stream outlives its credential while nobody announces the end."""
RETRY_AFTER_SECONDS = 30
_AT_ONCE = 500
log = structlog.stdlib.get_logger("heliograph.live")

_SESSIONS = (
    select(Session.id_hash, User.role)
    .join(User, User.id == Session.user_id)
    .where(
        Session.id_hash.in_(bindparam("credentials", expanding=True)),
        Session.expires_at > bindparam("now"),
        User.is_active.is_(True),
    )
)
_KEYS = (
    select(ApiKey.key_hash, User.role)
    .join(User, User.id == ApiKey.user_id)
    .where(ApiKey.key_hash.in_(bindparam("credentials", expanding=True)), is_usable(now=bindparam("now")))
)


@dataclass(eq=False, slots=True)
class Door:
    """What a stream was opened with: hash of the cookie or key, and the role it was opened in."""

    is_key: bool
    credential: str
    user_id: UUID
    role: str
    closed: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def of(cls, caller: Caller) -> "Door":
        """Return the door of a caller."""
        credential = caller.credential
        is_key = isinstance(credential, ApiKey)
        hashed = credential.key_hash if isinstance(credential, ApiKey) else credential.id_hash
        return cls(is_key, hashed, caller.user.id, caller.user.role)


class Doors:
    """The open streams of a process. Start it with `run()`. `look` says that a credential may have ended."""

    def __init__(self, database: Database, clock: Callable[[], datetime], *, most_per_person: int) -> None:
        self._database, self._clock, self._most = database, clock, most_per_person
        self._open: set[Door] = set()
        self._per_person: Counter[UUID] = Counter()
        self._wake = asyncio.Event()

    @contextmanager
    def open(self, door: Door) -> Iterator[asyncio.Event]:
        """Keep the door among the open ones; yields what is set when it has to close.

        Raises `TooManyRequestsError` if the person has as many streams in this process as one may have.
        """
        if self._per_person[door.user_id] >= self._most:
            raise TooManyRequestsError(
                f"You have {self._most} live streams open, the most one person may have; close some of the pages or "
                "programs that follow your numbers, then try again.",
                retryAfter=RETRY_AFTER_SECONDS,
            )
        self._open.add(door)
        self._per_person[door.user_id] += 1
        try:
            yield door.closed
        finally:
            self._open.discard(door)
            self._per_person[door.user_id] -= 1
            if not self._per_person[door.user_id]:
                del self._per_person[door.user_id]

    def look(self) -> None:
        """Have all doors looked at now."""
        self._wake.set()

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Look whenever asked to, and by the clock, while the context lasts."""
        task = asyncio.create_task(self._run(), name="live doors")
        task.add_done_callback(self._ended)
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """Close all doors should nobody look any more: a browser comes back, and is asked who it is."""
        if not task.cancelled():
            log.error("open live streams are looked at no longer", exc_info=task.exception())
            for door in self._open:
                door.closed.set()

    async def _run(self) -> None:
        """Look until cancelled. While the store is away nobody can be asked; then nobody gets new numbers either."""
        while True:
            try:
                async with asyncio.timeout(RECHECK_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                pass
            self._wake.clear()
            try:
                await self.check()
            except UnavailableError as error:
                log.warning("open live streams could not be looked at; tried again", reason=error.detail)
            except Exception:
                log.exception("open live streams could not be looked at; all are closed, browsers come back")
                for door in self._open:
                    door.closed.set()

    async def check(self) -> None:
        """Close every door whose credential has ended, or whose person has another role: the next shows what it may."""
        doors = list(self._open)
        if not doors:
            return
        async with self._database.reading() as session:
            sessions = await self._roles(session, {door.credential for door in doors if not door.is_key}, is_key=False)
            keys = await self._roles(session, {door.credential for door in doors if door.is_key}, is_key=True)
        for door in doors:
            if (keys if door.is_key else sessions).get(door.credential) != door.role:
                door.closed.set()

    async def _roles(self, session: AsyncSession, credentials: Collection[str], *, is_key: bool) -> dict[str, str]:
        """Return the role of today behind each credential that still opens."""
        asked, found = sorted(credentials), dict[str, str]()
        for start in range(0, len(asked), _AT_ONCE):
            parameters = {"credentials": asked[start : start + _AT_ONCE], "now": self._clock()}
            rows = (await session.execute(_KEYS if is_key else _SESSIONS, parameters)).all()
            found |= {credential: role for credential, role in rows}  # noqa: C416 - a row is no tuple to mypy
        return found
