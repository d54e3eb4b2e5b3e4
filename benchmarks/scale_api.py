"""The real API with the clock of the benchmark's log: `python -m benchmarks.scale_api MOMENT [--cold]`.

Cold, it remembers no answers: every question goes to ClickHouse.
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

from app.answers import Answers, T
from app.main import create_app
from app.resources import open_resources
from app.settings import Settings
from app.telemetry import new_registry


class NoAnswers(Answers):
    """Remembers nothing."""

    async def remembered(
        self, organisation_id: UUID, question: Hashable, ask: Callable[[], Coroutine[Any, Any, T]], *, now: datetime
    ) -> T:
        """Ask, whatever was asked before."""
        return await ask()


async def serve(settings: Settings, moment: datetime, *, is_cold: bool) -> None:
    """Serve until SIGTERM; time goes on from `moment`."""
    started = datetime.now(UTC)

    def clock() -> datetime:
        return moment + (datetime.now(UTC) - started)

    async with open_resources(settings, registry=new_registry("api"), clock=clock) as resources:
        if is_cold:
            resources.answers = NoAnswers(resources.redis)
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
        await server.serve()


if __name__ == "__main__":
    uvloop.run(serve(Settings(), datetime.fromisoformat(sys.argv[1]), is_cold="--cold" in sys.argv))
