"""Reads server-sent events as a browser would."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from redis.asyncio import Redis

from app.live.announcements import stream_of
from tests.fixtures.http import PLAIN


@dataclass
class Event:
    """One event, or a comment (`name` is then `comment`)."""

    name: str
    id: str | None
    data: Any


class Reading:
    """The events of one open stream, in order."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self, *, comments: bool = False) -> Event:
        """Return the next event; raises `StopAsyncIteration` at the end of the stream."""
        async with asyncio.timeout(30):
            while True:
                fields: dict[str, str] = {}
                while line := await anext(self._lines):
                    name, _, value = line.partition(": ")
                    fields[name] = value
                if "" in fields and comments:
                    return Event("comment", None, fields[""])
                if "event" in fields:
                    return Event(fields["event"], fields.get("id"), json.loads(fields["data"]))

    async def until(self, **wanted: Any) -> Event:
        """Return the first event whose data hold these values (`today=3` means the opens of today)."""
        while True:
            event = await self.next()
            data = event.data
            found = {"today": data.get("data", {}).get("today", {}).get("opens"), "degraded": data.get("degraded")}
            if wanted.items() <= found.items():
                return event


@contextlib.asynccontextmanager
async def reading(url: str, headers: dict[str, str], *, last_event_id: str | None = None) -> AsyncIterator[Reading]:
    """Open `/api/stream`."""
    sent = headers | ({"last-event-id": last_event_id} if last_event_id else {})
    async with (
        httpx.AsyncClient(base_url=url, timeout=60, verify=PLAIN) as client,
        client.stream("GET", "/api/stream?topics=my-stats", headers=sent) as response,
    ):
        assert response.status_code == 200, await response.aread()
        yield Reading(response)


async def announce(redis: Redis, organisation_id: UUID, *users: UUID, event_id: str = "*") -> str:
    """Announce touched users, as the worker does; return the id."""
    fields: dict[Any, Any] = {"users": ",".join(map(str, users)), "at": "0"}
    made: bytes = await redis.xadd(stream_of(organisation_id), fields, id=event_id, maxlen=1000)
    return made.decode()
