"""One subject that clients watch: computed once for all of them, whenever something touched it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

import orjson
import structlog

from app.errors import AppError, NotFoundError
from app.live.client import Client
from app.live.messages import StreamId, encode
from app.problems import from_clickhouse
from clickhouse.errors import ClickHouseError

NAME = "my-stats"
RETRY_SECONDS = 1.0
"""Wait after a computation failed, so that a store that is away is not stormed."""

log = structlog.stdlib.get_logger("heliograph.live")


class TopicKey(NamedTuple):
    """Whose statistics."""

    organisation_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class Computed:
    """The whole answer as JSON, when it was computed, what tells it apart from another, and until when it holds."""

    data: bytes
    as_of: datetime
    fingerprint: bytes
    fresh_until: datetime


Compute = Callable[[TopicKey], Awaitable[Computed]]


class Surroundings(Protocol):
    """What a topic needs to know of its hub."""

    interval_seconds: float
    poll_seconds: float

    @property
    def is_degraded(self) -> bool:
        """Redis is away: nobody announces changes."""

    def position(self, organisation_id: UUID) -> StreamId:
        """Return the newest announcement read for the organisation."""

    def now(self) -> datetime:
        """Return the present moment."""

    async def compute(self, key: TopicKey) -> Computed:
        """Compute the topic; raises `AppError` or `ClickHouseError`."""

    def count(self, what: str, number: int = 1) -> None:
        """Count for the metrics."""


@dataclass(frozen=True, slots=True)
class State:
    """The latest answer, encoded for both kinds of event, with the position it holds at least everything up to."""

    snapshot: bytes
    update: bytes
    identity: tuple[bytes, bool]
    fresh_until: datetime


class Topic:
    """The clients of one key, and the task that keeps them up to date."""

    def __init__(self, key: TopicKey, hub: Surroundings) -> None:
        self.key = key
        self.clients: set[Client] = set()
        self._hub = hub
        self._state: State | None = None
        self._is_stale = True
        self._is_touched = False
        self._wake = asyncio.Event()
        self._lock = asyncio.Lock()
        self._failure: tuple[float, AppError] | None = None

    def touch(self) -> None:
        """Say that something changed; the answer is computed again soon, once for any number of touches."""
        self._is_stale = self._is_touched = True
        self._wake.set()

    async def send_snapshot(self, client: Client, *, before: bytes = b"") -> None:
        """Queue `before` and the present state for one client, in place of what it has not been sent yet.

        Raises `AppError` if the state cannot be computed now.
        """
        async with self._lock:
            state = await self._present()
            client.forget()  # from here to the end nothing waits: no update can slip in between and be lost
            client.offer(before + state.snapshot)
            client.seen = state.identity

    async def warm(self) -> None:
        """Make sure there is a state, so that it is known until when it holds; sends nothing to new clients."""
        async with self._lock:
            await self._present()

    async def run(self) -> None:
        """Send an update to every client after each touch, at most one in an interval. Ends when nobody watches."""
        while self.clients:
            await self._wait_for_work()
            self._is_touched = False
            try:
                async with self._lock:
                    self._offer_to(self.clients, await self._refresh())
            except NotFoundError:
                for client in self.clients:
                    client.end()
                return
            except AppError as error:
                log.warning("live topic cannot be computed", code=error.code, detail=error.detail)
                self._is_touched = True
                await asyncio.sleep(RETRY_SECONDS)
            await asyncio.sleep(self._hub.interval_seconds)

    async def _wait_for_work(self) -> None:
        """Return when something was touched, or it is time to look ourselves; that time moves with each answer."""
        while not self._is_touched:
            try:
                async with asyncio.timeout(self._patience()):
                    await self._wake.wait()
            except TimeoutError:
                return
            self._wake.clear()

    def _patience(self) -> float | None:
        """Return how long nothing may happen before we look ourselves, in seconds; None is for ever."""
        waits = [self._hub.poll_seconds] if self._hub.is_degraded else []
        if self._state is not None:
            waits.append(max(0.05, (self._state.fresh_until - self._hub.now()).total_seconds()))
        return min(waits, default=None)

    async def _refresh(self) -> State:
        """Compute and remember, and send to every client that is known to have something else. Holds the lock."""
        loop = asyncio.get_running_loop()
        if self._failure is not None and loop.time() - self._failure[0] < RETRY_SECONDS:
            raise self._failure[1]
        position, is_degraded = self._hub.position(self.key.organisation_id), self._hub.is_degraded
        self._is_stale = False
        try:
            computed = await self._hub.compute(self.key)
        except (AppError, ClickHouseError) as error:
            self._is_stale = True
            failure = from_clickhouse(error) if isinstance(error, ClickHouseError) else error
            self._failure = (loop.time(), failure)
            raise failure from error
        except BaseException:
            self._is_stale = True
            raise
        self._failure = None
        self._state = _state(computed, position, is_degraded=is_degraded)
        self._wake.set()  # the task may wait until the end of an older answer
        self._offer_to([client for client in self.clients if client.seen is not None], self._state)
        return self._state

    async def _present(self) -> State:
        state = self._state
        if state is None or self._is_stale or self._hub.now() >= state.fresh_until:
            return await self._refresh()
        return state

    def _offer_to(self, clients: Collection[Client], state: State) -> None:
        """Queue the update for those who do not have it: the same bytes for all of them."""
        without = [client for client in clients if client.seen != state.identity]
        fell_behind = 0
        for client in without:
            fell_behind += not client.offer(state.update)
            client.seen = state.identity
        self._hub.count("updates", len(without))
        self._hub.count("resyncs", fell_behind)


def _state(computed: Computed, position: StreamId, *, is_degraded: bool) -> State:
    tail = orjson.dumps({"asOf": computed.as_of, "degraded": is_degraded}, option=orjson.OPT_UTC_Z)
    data = b'{"topic":"' + NAME.encode() + b'","data":' + computed.data + b"," + tail[1:]
    return State(
        snapshot=encode("snapshot", data, event_id=position),
        update=encode("update", data, event_id=position),
        identity=(computed.fingerprint, is_degraded),
        fresh_until=computed.fresh_until,
    )
