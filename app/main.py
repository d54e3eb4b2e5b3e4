"""The API's process: JSON, live streams and the interface, served by granian."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import structlog
from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from app import health, problem_docs, problems
from app.audit import routes as audit_routes
from app.campaigns import routes as campaign_routes
from app.hosts import TrustedHosts
from app.identity import routes as identity_routes
from app.interface import DIST, mount_interface
from app.live import routes as live_routes
from app.middleware import BodyLimit, HeadAsGet, RequestMetrics, SecurityHeaders
from app.people import import_routes
from app.people import routes as people_routes
from app.private_files import keep_files_private
from app.read_settings import settings_or_exit
from app.readable import check_readable
from app.ready import COMPRESSION_LEVEL, WORTH_COMPRESSING
from app.resources import Resources, open_resources
from app.serving import make_server, settle_heap
from app.settings import Settings
from app.signatures import routes as signature_routes
from app.slashes import redirect_slashes
from app.slow_bodies import BodyDeadline
from app.success import routes as success_routes
from app.team import routes as team_routes
from app.telemetry import configure_logging, new_registry
from app.tracking import routes as tracking_routes
from app.tracking.zone_data import sources
from app.tracking_settings import routes as settings_routes
from app.widget import routes as widget_routes

DESCRIPTION = """
What happens to every message an organisation sends. Sign in with a session cookie (see *people*) or an API key
(`Authorization: Bearer hg_…`). Times are UTC, days and weeks those of the caller. Errors are RFC 9457 problems with a
stable `code`; `detail` says what to do.
"""
log = structlog.stdlib.get_logger("heliograph.api")


def create_app(settings: Settings, resources: Resources | None = None, *, dist: Path = DIST) -> FastAPI:
    """Return the application over these resources, which the caller opened and will close.

    Without resources the application opens its own when it starts.
    """
    registry = resources.registry if resources is not None else new_registry("api")

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[Mapping[str, object]]:
        if resources is not None:
            yield {"resources": resources}
            return
        async with open_resources(settings, registry=registry) as opened:
            yield {"resources": opened}

    app = FastAPI(
        title="Heliograph",
        version="0.1.0",
        description=DESCRIPTION,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Depends(check_readable)],
        middleware=[
            Middleware(RequestMetrics, registry=registry),
            Middleware(SecurityHeaders, settings=settings),
            Middleware(TrustedHosts, settings=settings),
            Middleware(HeadAsGet),
            Middleware(BodyDeadline, silence_seconds=settings.body_silence_seconds),
            Middleware(
                BodyLimit,
                limit_bytes=settings.body_limit_bytes,
                larger=dict.fromkeys(import_routes.PATHS, settings.import_limit_bytes),
            ),
            # leaves alone event streams, and what is compressed already
            Middleware(GZipMiddleware, minimum_size=WORTH_COMPRESSING, compresslevel=COMPRESSION_LEVEL),
        ],
    )
    problems.install(app)
    for routes in (
        health,
        identity_routes,
        tracking_routes,
        live_routes,
        audit_routes,
        settings_routes,
        team_routes,
        import_routes,
        people_routes,
        widget_routes,
        success_routes,
        campaign_routes,
        signature_routes,
    ):
        app.include_router(routes.router)
    mount_interface(app, dist)
    redirect_slashes(app)
    problem_docs.install(app)
    return app


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then end live streams and finish what is being answered."""
    async with open_resources(settings, registry=new_registry("api")) as resources:
        server = make_server(
            create_app(settings, resources),
            host=settings.api_host,
            port=settings.api_port,
            max_connections=settings.max_connections,
            head_seconds=settings.connection_idle_seconds,
        )

        def stop() -> None:
            resources.hub.close()  # a stream would keep its connection open for ever
            server.stop()  # type: ignore[no-untyped-call]  # granian has no types here

        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, stop)
        settle_heap()
        log.info("api listens", host=settings.api_host, port=settings.api_port)
        await server.serve()


def main() -> None:
    """Run the API with the settings of the environment."""
    import uvloop  # noqa: PLC0415 - not on every platform

    keep_files_private()
    settings = settings_or_exit("api")
    configure_logging(settings, process="api")
    log.info("time zone data", in_use=str(sources()[0]), others=[str(it) for it in sources()[1:]])
    uvloop.run(serve(settings))


if __name__ == "__main__":
    main()
