"""The real API with the clock of the benchmark's log: `python -m benchmarks.scale_api MOMENT [--cold]`.

Cold, an answer is forgotten as soon as it is given: only who asks the same at the same time shares it.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Hashable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server
from redis.asyncio import Redis

from app.answers import Answers, T
from app.main import create_app
from app.resources import open_resources
from app.serving import settle_heap
from app.settings import Settings
from app.telemetry import new_registry


class AnswersUnderWay(Answers):
    """Remembers nothing but what is being asked right now."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        self._under_way: dict[Hashable, asyncio.Task[Any]] = {}

    async def remembered(
        self, organisation_id: UUID, question: Hashable, ask: Callable[[], Coroutine[Any, Any, T]], *, now: datetime
    ) -> T:
        """Ask, or wait for who is asking the same."""
        key = (organisation_id, question)
        task: asyncio.Task[T] | None = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.create_task(ask())
            task.add_done_callback(lambda _: self._under_way.pop(key))
        return await asyncio.shield(task)


async def serve(settings: Settings, moment: datetime, *, is_cold: bool) -> None:
    """Serve until SIGTERM; time goes on from `moment`."""
    started = datetime.now(UTC)

    def clock() -> datetime:
        return moment + (datetime.now(UTC) - started)

    async with open_resources(settings, registry=new_registry("api"), clock=clock) as resources:
        if is_cold:
            resources.answers = AnswersUnderWay(resources.redis)
        server = Server(
            create_app(settings, resources),
            address=settings.api_host,
            port=settings.api_port,
            interface=Interfaces.ASGI,
            websockets=False,
            log_enabled=False,
        )

        def stop() -> None:
            resources.hub.close()
            server.stop()  # type: ignore[no-untyped-call]

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
        settle_heap()
        await server.serve()


if __name__ == "__main__":
    uvloop.run(serve(Settings(), datetime.fromisoformat(sys.argv[1]), is_cold="--cold" in sys.argv))
