"""The real API with the clock of the benchmark's log: `python -m benchmarks.scale_api MOMENT`."""

import asyncio
import signal
import sys
from datetime import UTC, datetime

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

from app.main import create_app
from app.resources import open_resources
from app.settings import Settings
from app.telemetry import new_registry


async def serve(settings: Settings, moment: datetime) -> None:
    """Serve until SIGTERM; time goes on from `moment`."""
    started = datetime.now(UTC)

    def clock() -> datetime:
        return moment + (datetime.now(UTC) - started)

    async with open_resources(settings, registry=new_registry("api"), clock=clock) as resources:
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
    uvloop.run(serve(Settings(), datetime.fromisoformat(sys.argv[1])))
