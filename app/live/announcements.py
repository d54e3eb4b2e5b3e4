"""Reads the announcements of the worker: one Redis stream per organisation, all in one blocking read."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.live.messages import START, StreamId, parse_id
from app.tracking.invalidation import EVERYBODY

BLOCK_MS = 200
"""Longest blocking read: an organisation that joins meanwhile is listened to after this."""
RETRY_SECONDS = 1.0
_LOST = (RedisError, OSError, TimeoutError)
Users = Iterable[UUID] | None
"""Whose numbers changed; None is everybody's of the organisation."""
Entries = list[tuple[bytes, dict[bytes, bytes]]]
log = structlog.stdlib.get_logger("heliograph.live")


def stream_of(organisation_id: UUID) -> str:
    """Return the key of the organisation's stream, which the worker writes."""
    return f"live:{organisation_id}"


class Announcements:
    """Follows the streams of the watched organisations; knows how far it has read each.

    Calls `on_users(organisation, user ids or None for everybody)` for what was announced, `on_access()` if credentials
    may have ended, and `on_switch()` when Redis went away or came back, which changes `is_away`.
    """

    def __init__(
        self,
        redis: Redis,
        *,
        on_users: Callable[[UUID, Users], None],
        on_switch: Callable[[], None],
        on_access: Callable[[], None] = lambda: None,
    ) -> None:
        # the client's types cover every protocol and encoding at once; ours is RESP2 in bytes
        self._commands: Any = redis
        self._on_users = on_users
        self._on_switch = on_switch
        self._on_access = on_access
        self._positions: dict[UUID, StreamId] = {}
        self._wanted = asyncio.Event()
        self._is_stopped = False
        self.is_away = False

    async def watch(self, organisation_id: UUID) -> None:
        """Follow an organisation from now on. What is announced after this returns is not missed."""
        if organisation_id in self._positions:
            return
        try:
            position = await self._newest(organisation_id)
        except _LOST as error:
            self._switch(is_away=True, why=error)
            position = START
        self._positions.setdefault(organisation_id, position)
        self._wanted.set()

    def unwatch(self, organisation_id: UUID) -> None:
        """Follow it no longer."""
        self._positions.pop(organisation_id, None)
        if not self._positions and not self._is_stopped:
            self._wanted.clear()

    def position(self, organisation_id: UUID) -> StreamId:
        """Return the newest id read for an organisation."""
        return self._positions.get(organisation_id, START)

    async def has_changed(self, organisation_id: UUID, user_id: UUID, since: StreamId) -> bool:
        """Tell whether anything about the user may have been announced after `since`; when in doubt, yes."""
        stream = stream_of(organisation_id)
        try:
            oldest: Entries = await self._commands.xrange(stream, count=1)
            newest = await self._newest(organisation_id)
            if not oldest or since > newest or _id(oldest[0][0]) > since:
                return True  # the stream was cut, or began anew, behind the client's back
            later: Entries = await self._commands.xrange(stream, min=f"({since}")
        except _LOST:
            return True
        return any(_is_everybody(fields) or user_id in _users(fields) for _, fields in later)

    def stop(self) -> None:
        """Let `run` return after the read it is in. Cancelling alone is not enough: a driver may swallow it."""
        self._is_stopped = True
        self._wanted.set()

    async def run(self) -> None:
        """Read until stopped. Losing Redis is expected: it is said, and tried again."""
        while not self._is_stopped:
            await self._wanted.wait()
            try:
                if self.is_away:
                    await self._find_positions()
                await self._read()
            except _LOST as error:
                self._switch(is_away=True, why=error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._switch(is_away=False)

    async def _read(self) -> None:
        asked = {stream_of(organisation): str(position) for organisation, position in self._positions.items()}
        if not asked:
            return
        answer: list[tuple[bytes, Entries]] | None = await self._commands.xread(asked, count=500, block=BLOCK_MS)
        for stream, entries in answer or []:
            organisation_id = UUID(stream.decode().partition(":")[2])
            if organisation_id not in self._positions or not entries:
                continue
            self._positions[organisation_id] = _id(entries[-1][0])
            if any(b"access" in fields for _, fields in entries):
                self._on_access()
            is_everybody = any(_is_everybody(fields) for _, fields in entries)
            users = {user for _, fields in entries for user in _users(fields)}
            self._on_users(organisation_id, None if is_everybody else users)

    async def _find_positions(self) -> None:
        """Start over after Redis was away: it may have come back empty, with lower ids than we have seen."""
        for organisation_id in list(self._positions):
            newest = await self._newest(organisation_id)
            if organisation_id in self._positions:
                self._positions[organisation_id] = newest

    async def _newest(self, organisation_id: UUID) -> StreamId:
        entries: Entries = await self._commands.xrevrange(stream_of(organisation_id), count=1)
        return _id(entries[0][0]) if entries else START

    def _switch(self, *, is_away: bool, why: object = None) -> None:
        if is_away == self.is_away:
            return
        self.is_away = is_away
        if is_away:
            log.warning("Redis is away; live topics are polled until it is back", reason=str(why))
        else:
            log.info("Redis is back; live topics follow announcements again")
        self._on_switch()


def _id(raw: bytes) -> StreamId:
    return parse_id(raw.decode()) or START


def _is_everybody(fields: Mapping[bytes, bytes]) -> bool:
    return fields.get(b"users") == EVERYBODY.encode()


def _users(fields: Mapping[bytes, bytes]) -> set[UUID]:
    """Read `users`, a comma-separated list; what is not a UUID is nobody we know."""
    found = set()
    for part in fields.get(b"users", b"").decode("ascii", "replace").split(","):
        try:
            found.add(UUID(part.strip()))
        except ValueError:
            continue
    return found
