"""The collector's process: spool, forwarder, salts and routes, wired together and served by granian."""

import asyncio
import contextlib
import gc
import logging
import signal
from urllib.parse import urlsplit

from granian.constants import Interfaces
from prometheus_client import CollectorRegistry, ProcessCollector
from redis.exceptions import RedisError

from app.classification.networks import NetworkTable
from app.collector.asgi import CollectorApp
from app.collector.below import App, below
from app.collector.commit import GroupCommit
from app.collector.forwarder import Forwarder
from app.collector.hit import HitMaker
from app.collector.metrics import CollectorMetrics, HitCounters
from app.collector.proxies import client_address, parse_networks
from app.collector.rate_exchange import RateExchange, connect
from app.collector.rate_limit import RateLimiter
from app.collector.reports import Reporter
from app.collector.salts import Salts
from app.collector.spool import Spool, SpoolError
from app.operators import Operators
from app.private_files import keep_files_private
from app.read_settings import exit_with, settings_or_exit
from app.serving import make_server
from app.settings import Settings
from app.store.database import Database
from app.telemetry import configure_logging

log = logging.getLogger("heliograph.collector")


class Resources:
    """What lives as long as the process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.trusted = parse_networks(settings.trusted_proxies)
        self.networks = NetworkTable(settings.known_networks)
        self.spool = Spool(
            settings.spool_dir,
            source=settings.collector_id,
            segment_bytes=settings.spool_segment_bytes,
            segment_seconds=settings.spool_segment_seconds,
            quota_bytes=settings.spool_quota_bytes,
        )
        self.salts = Salts(settings.salts_file)
        self.database = Database(settings.database_url.get_secret_value())
        self.forwarder = Forwarder(self.spool, settings)
        self.counters = HitCounters()
        self.commit = GroupCommit(self.spool, sync_to_disk=settings.spool_sync == "disk")
        self.redis = connect(settings.redis_url.get_secret_value())
        self.limiter = RateLimiter(settings.rate_limit_per_minute) if settings.rate_limit_per_minute else None
        self.hits = HitMaker(self.salts, networks=self.networks.names, limiter=self.limiter)
        self.reporter = Reporter(
            self.redis,
            self.counters,
            collector=settings.collector_id,
            waiting_bytes=self.spool.unconfirmed_bytes,
            losses=self.commit.losses,
        )

    def readiness(self) -> tuple[bool, dict[str, object]]:
        """Return (is ready, body): ready means that hits are kept and reach Kafka."""
        reasons = []
        if self.commit.losses.present is not None:
            reasons.append(f"hits are not kept: {self.commit.losses.present}")
        if (seconds := self.forwarder.broker.seconds) is not None:
            why = self.forwarder.broker.reason
            reasons.append(f"Kafka is away for {seconds:.0f} s, hits wait in the spool: {why}")
        body: dict[str, object] = {
            "status": "not_ready" if reasons else "ready",
            "reasons": reasons,
            "forwarder": self.forwarder.status(),
            "spool": {
                "bytes": self.spool.total_bytes,
                "quotaBytes": self.settings.spool_quota_bytes,
                "segments": len(self.spool.segments),
            },
            "hits": {
                "recorded": self.counters.recorded,
                "malformed": self.counters.malformed,
                "lost": self.counters.lost,
                "overLimit": self.hits.over_limit,
            },
        }
        return not reasons, body


def build_app(resources: Resources) -> App:
    """Return the ASGI app over these resources."""
    registry = CollectorRegistry()
    registry.register(
        CollectorMetrics(
            resources.counters, resources.spool, resources.forwarder, resources.hits, resources.commit.losses
        )
    )
    ProcessCollector(registry=registry)
    settings = resources.settings
    operators = Operators(settings.metrics_token, is_behind_proxy=bool(settings.trusted_proxies))
    app = CollectorApp(
        hits=resources.hits,
        commit=resources.commit,
        counters=resources.counters,
        client_address=client_address(resources.trusted),
        readiness=resources.readiness,
        registry=registry,
        may_see=operators.may_see_scope,
    )
    return below(urlsplit(settings.collector_public_url).path, app)


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; answers pixels from the first moment, whatever else is down."""
    resources = Resources(settings)
    server = make_server(
        build_app(resources),
        host=settings.collector_host,
        port=settings.collector_port,
        max_connections=settings.max_connections,
        head_seconds=settings.connection_idle_seconds,
        interface=Interfaces.ASGINL,
    )
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, server.stop)
    background = [
        asyncio.create_task(resources.forwarder.run(), name="forwarder"),
        asyncio.create_task(resources.salts.keep(resources.database, settings.salts_sync_seconds), name="salts"),
        asyncio.create_task(resources.reporter.run(), name="reports"),
        asyncio.create_task(resources.commit.losses.run(), name="losses"),
    ]
    if resources.limiter is not None:
        every_seconds = settings.rate_limit_exchange_ms / 1000
        exchange = RateExchange(resources.limiter, resources.redis, resources.salts, every_seconds=every_seconds)
        background.append(asyncio.create_task(exchange.run(), name="rate limit"))
    for task in background:
        task.add_done_callback(_stop_loudly)
    log.info("collector %s on %s:%d", settings.collector_id, settings.collector_host, settings.collector_port)
    try:
        await server.serve()
    finally:
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        with contextlib.suppress(RedisError, OSError, TimeoutError):  # the run's last word; without it, it is "silent"
            await resources.reporter.report(is_final=True)
        await resources.redis.aclose()
        await resources.database.dispose()
        resources.commit.close()
        resources.spool.close()


def _stop_loudly(task: "asyncio.Task[None]") -> None:
    """A background task that ends by itself is a defect: better a restart than a collector that only looks alive."""
    if task.cancelled() and task.cancelling():
        return  # we are stopping
    log.critical("%s ended", task.get_name(), exc_info=None if task.cancelled() else task.exception())
    signal.raise_signal(signal.SIGTERM)


def main() -> None:
    """Run the collector with the settings of the environment."""
    gc.set_threshold(100_000, 50, 100)  # requests make no cycles; the default spends 2 % of the time looking for them
    import uvloop  # noqa: PLC0415 - not on every platform

    keep_files_private()
    settings = settings_or_exit("collector")
    configure_logging(settings, process="collector")
    try:
        uvloop.run(serve(settings))
    except SpoolError as error:
        exit_with("collector", error)


if __name__ == "__main__":
    main()
