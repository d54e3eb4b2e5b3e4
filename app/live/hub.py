"""The live hub of a process: topics with their clients, fed by one reader of announcements."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import structlog
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from app.live.announcements import Announcements, Users
from app.live.client import Client
from app.live.messages import StreamId
from app.live.topic import Compute, Computed, Topic, TopicKey
from app.metrics import counter, gauge
from app.settings import Settings

log = structlog.stdlib.get_logger("heliograph.live")


class Hub:
    """Keeps every subscribed client up to date. Start it with `run()` as a context; closing it ends all streams."""

    def __init__(
        self,
        settings: Settings,
        redis: Redis,
        compute: Compute,
        *,
        clock: Callable[[], datetime],
        registry: CollectorRegistry,
        on_access: Callable[[], None] = lambda: None,
    ) -> None:
        self.interval_seconds = settings.live_interval_ms / 1000
        self.poll_seconds = settings.live_poll_seconds
        self.queue_size = settings.live_queue_size
        self.now = clock
        self._compute = compute
        self._topics: dict[UUID, dict[UUID, Topic]] = {}
        self._tasks: dict[TopicKey, asyncio.Task[None]] = {}
        self._announcements = Announcements(redis, on_users=self._touch, on_switch=self._touch_all, on_access=on_access)
        self._is_closed = False
        self._clients = gauge("heliograph_live_clients", registry)
        self._counters = {
            "updates": counter("heliograph_live_updates", registry),
            "resyncs": counter("heliograph_live_resyncs", registry),
        }
        gauge("heliograph_live_degraded", registry).set_function(lambda: self.is_degraded)

    @property
    def is_degraded(self) -> bool:
        """Redis is away: topics are polled."""
        return self._announcements.is_away

    @property
    def client_count(self) -> int:
        """Number of subscribed clients."""
        return sum(len(topic.clients) for topics in self._topics.values() for topic in topics.values())

    @property
    def topic_count(self) -> int:
        """Number of topics somebody watches."""
        return len(self._tasks)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Read announcements while the context lasts; then end every stream."""
        reader = asyncio.create_task(self._announcements.run(), name="live announcements")
        try:
            yield
        finally:
            self.close()
            self._announcements.stop()
            tasks = [reader, *self._tasks.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def close(self) -> None:
        """End every stream, now and from now on: called first when the process is asked to stop."""
        self._is_closed = True
        for topics in self._topics.values():
            for topic in topics.values():
                for client in topic.clients:
                    client.end()

    @asynccontextmanager
    async def subscribe(self, key: TopicKey) -> AsyncIterator[tuple[Topic, Client]]:
        """Register a client on a topic, made now if nobody watches it; gone without trace at the end."""
        client = Client(self.queue_size)
        if self._is_closed:
            client.end()
        topic = self._topics.setdefault(key.organisation_id, {}).setdefault(key.user_id, Topic(key, self))
        topic.clients.add(client)
        self._clients.inc()
        try:
            await self._announcements.watch(key.organisation_id)
            if key not in self._tasks:
                self._tasks[key] = asyncio.create_task(topic.run(), name=f"live {key.user_id}")
                self._tasks[key].add_done_callback(lambda task: _end_with(task, topic))
            yield topic, client
        finally:
            self._clients.dec()
            topic.clients.discard(client)
            if not topic.clients:
                self._remove(topic)

    async def has_changed(self, key: TopicKey, since: StreamId) -> bool:
        """Tell whether the user's numbers may have changed after a position; when in doubt, yes."""
        return self.is_degraded or await self._announcements.has_changed(key.organisation_id, key.user_id, since)

    def position(self, organisation_id: UUID) -> StreamId:
        """Return the newest announcement read for the organisation."""
        return self._announcements.position(organisation_id)

    async def compute(self, key: TopicKey) -> Computed:
        """Compute a topic."""
        return await self._compute(key)

    def count(self, what: str, number: int = 1) -> None:
        """Count for the metrics."""
        self._counters[what].inc(number)

    def _remove(self, topic: Topic) -> None:
        organisation_id, user_id = topic.key
        topics = self._topics.get(organisation_id, {})
        if topics.get(user_id) is topic:
            del topics[user_id]
        if not topics:
            self._topics.pop(organisation_id, None)
            self._announcements.unwatch(organisation_id)
        if task := self._tasks.pop(topic.key, None):
            task.cancel()

    def _touch(self, organisation_id: UUID, users: Users) -> None:
        topics = self._topics.get(organisation_id, {})
        for user_id in list(topics) if users is None else users:
            if user_id in topics:
                topics[user_id].touch()

    def _touch_all(self) -> None:
        for topics in self._topics.values():
            for topic in topics.values():
                topic.touch()


def _end_with(task: asyncio.Task[None], topic: Topic) -> None:
    """End the streams of a topic whose task ended by itself: a browser comes back, a silent stream would not."""
    if not task.cancelled():
        if error := task.exception():
            log.error("a live topic ended unexpectedly", exc_info=error)
        for client in topic.clients:
            client.end()
