"""What an API process holds open: stores, Redis, the live hub; made in the lifespan, or handed in by a test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import httpx
import structlog
from prometheus_client import CollectorRegistry
from redis.asyncio import Redis

from app.answers import Answers
from app.campaigns.subject import MOST_CHARACTERS, Pixels
from app.closed_days import ClosedDays
from app.identity.oidc.provider import Provider
from app.identity.throttle import SigninThrottle
from app.live.doors import Doors
from app.live.hub import Hub
from app.live.my_stats import my_stats_topic
from app.operators import Operators
from app.settings import Settings
from app.store.base import utc_now
from app.store.database import Database
from app.team.people import PeopleTogether
from app.tracking.together import MyStatsTogether
from app.unchanged import Unchanged
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseUnavailableError

REDIS_TIMEOUT_SECONDS = 2.0
log = structlog.stdlib.get_logger("heliograph.api")


class ClickHouseDoor:
    """ClickHouse, connected at the first need: the API starts, and says what is away, while ClickHouse is down."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._client: ClickHouse | None = None
        self._lock = asyncio.Lock()

    async def get(self) -> ClickHouse:
        """Return the connected client; raises `ClickHouseUnavailableError` while nobody answers."""
        if self._client is None:
            async with self._lock:
                if self._client is None:
                    self._client = await ClickHouse.connect(
                        self._settings.clickhouse_url.get_secret_value(),
                        timeout_seconds=self._settings.query_timeout_seconds,
                    )
        return self._client

    async def close(self) -> None:
        """Close the connections, if there are any."""
        if self._client is not None:
            await self._client.close()
            self._client = None


@dataclass(slots=True)
class Resources:
    """The process's resources; `clock` is the only source of the present moment."""

    settings: Settings
    database: Database
    clickhouse: ClickHouseDoor
    redis: "Redis"
    answers: Answers
    closed_days: ClosedDays
    my_stats: MyStatsTogether
    people: PeopleTogether
    pixels: Unchanged[UUID, Pixels]
    registry: CollectorRegistry
    throttle: SigninThrottle
    hub: Hub
    doors: Doors
    operators: Operators
    oidc: Provider | None = None
    """The organisation's own OpenID provider, if the settings name one."""
    clock: Callable[[], datetime] = field(default=utc_now)
    checks: "dict[str, asyncio.Task[None]]" = field(default_factory=dict)
    """The last check of each service that readiness asked for; one that is late may still be running."""

    async def end_checks(self) -> None:
        """End what is still being checked."""
        for task in self.checks.values():
            task.cancel()
        await asyncio.gather(*self.checks.values(), return_exceptions=True)


@asynccontextmanager
async def open_resources(
    settings: Settings, *, registry: CollectorRegistry, clock: Callable[[], datetime] = utc_now
) -> AsyncIterator[Resources]:
    """Open everything and close it at the end. Services that are away do not stop the start.

    Raises `QueryMissingError` if a named query is missing or does not parse.
    """
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url.get_secret_value())
        stack.push_async_callback(database.dispose)
        redis = Redis.from_url(
            settings.redis_url.get_secret_value(),
            socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
            socket_timeout=REDIS_TIMEOUT_SECONDS,
            protocol=2,  # the shape of XREAD's answer differs in the third
        )
        stack.push_async_callback(redis.aclose)
        clickhouse = ClickHouseDoor(settings)
        stack.push_async_callback(clickhouse.close)
        try:
            await clickhouse.get()
        except ClickHouseUnavailableError as error:
            log.warning("ClickHouse is away; statistics answer 503 until it is back", reason=str(error))
        oidc = None
        if settings.oidc_issuer:
            oidc = Provider(settings, await stack.enter_async_context(httpx.AsyncClient()))
        compute = my_stats_topic(database, clickhouse.get, clock)
        answers = Answers(redis)
        doors = Doors(database, clock, most_per_person=settings.live_streams_per_person)
        hub = Hub(settings, redis, compute, clock=clock, registry=registry, on_access=doors.look)
        await stack.enter_async_context(hub.run())
        await stack.enter_async_context(doors.run())
        resources = Resources(
            settings=settings,
            database=database,
            clickhouse=clickhouse,
            redis=redis,
            answers=answers,
            closed_days=ClosedDays(answers),
            my_stats=MyStatsTogether(clickhouse.get, clock),
            people=PeopleTogether(database),
            pixels=Unchanged(Pixels, most_characters=MOST_CHARACTERS),
            registry=registry,
            hub=hub,
            doors=doors,
            operators=Operators(settings.metrics_token, is_behind_proxy=bool(settings.trusted_proxies)),
            throttle=SigninThrottle(database),
            oidc=oidc,
            clock=clock,
        )
        stack.push_async_callback(resources.end_checks)
        yield resources
