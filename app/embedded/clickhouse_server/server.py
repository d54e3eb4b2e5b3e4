"""The process: listens on loopback, stops in order."""

import asyncio
import ipaddress
import signal
from pathlib import Path
from typing import Any

import uvloop
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from app.embedded.clickhouse_server.asgi import ClickHouseApplication
from app.embedded.clickhouse_server.authentication import Authenticator
from app.embedded.clickhouse_server.engine import Engine
from app.embedded.errors import StartError
from app.embedded.ports import require_free

# Statements under way may end by themselves this long, then they are killed; together below the promised 10 s.
_FINISH_SECONDS, _KILL_SECONDS = 5.0, 4.0


def run(*, directory: Path, host: str, port: int, password: str) -> None:
    """Serve until SIGTERM or SIGINT. Raises `StartError` if it cannot start."""
    require_loopback(host)
    require_free(host, port, purpose="embedded ClickHouse")  # the server below would share the port without a word
    with Engine(directory) as engine:
        uvloop.run(_serve(engine, host=host, port=port, password=password))


def require_loopback(host: str) -> None:
    """Raise `StartError` unless only this machine can reach `host`: there is no TLS and one password for all."""
    try:
        is_loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise StartError(
            f"The embedded ClickHouse listens on loopback only, not on {host!r}. "
            "To share ClickHouse between machines, run a server and set CLICKHOUSE_URL."
        )


async def _serve(engine: Engine, *, host: str, port: int, password: str) -> None:
    application = ClickHouseApplication(engine, Authenticator(password))
    server: Any = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        backlog=1024,
        log_enabled=False,
        http1_settings=HTTP1Settings(max_buffer_size=1 << 20),
    )
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    serving = asyncio.create_task(server.serve())
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        waiting.cancel()
        await serving
        raise StartError(f"The embedded ClickHouse stopped listening on {host}:{port}.")
    if not await application.finish(_FINISH_SECONDS):
        await application.kill()
        await application.finish(_KILL_SECONDS)
    server.stop()
    await serving
    application.close()
