"""The worker's process: a Faust app with the agents `enrich` and `store`, its resources, readiness and metrics."""

import asyncio
import gc
import json
import logging
import os
import secrets
import socket
from collections.abc import Coroutine, Iterable, Sequence
from functools import partial
from typing import Any

import faust
from aiokafka.errors import KafkaError
from faust.types import TP
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import generate_latest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.campaigns.timer import CampaignTimer
from app.collector.topics import ensure_topics
from app.errors import UnavailableError
from app.operators import REFUSED, Operators
from app.outage import Outage
from app.private_files import keep_files_private
from app.read_settings import settings_or_exit
from app.settings import Settings
from app.store.base import utc_now
from app.store.database import Database
from app.store.holds import hold_store
from app.store.ledger import BlockLedger, LostPartitionError
from app.success.reported import beginnings
from app.telemetry import configure_logging
from app.tracking.tokens import TokenDirectory
from app.tracking.zone_data import sources
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseError
from schemas import receipts, topics
from schemas.receipts import Range
from streams import campaigns
from streams.announce import Announcer
from streams.behaviour import BehaviourJudge
from streams.broker_watch import BrokerWatch
from streams.closed_days import ClosingDays
from streams.dead_letter import Ceiling, DeadLetter, DeadLetterCeilingError
from streams.faust_app import TablelessApp
from streams.pipeline import Enricher, Record, Storer
from streams.retention import DailyRetention
from streams.retry import keep_probing, until_done
from streams.spans import late_noter
from streams.state import CLICKHOUSE, DATABASE, KAFKA, WorkerMetrics, WorkerState
from streams.store import Store
from streams.transport import QuickTransport
from streams.visitors import thresholds_of

log = logging.getLogger("heliograph.worker")

INVALIDATE = "invalidate"
_ENRICH_FRAMES = 100
_ENRICH_LINGER_SECONDS = 0.04
"""Faust wakes up this often also when nothing comes: at 5 ms an idle worker took 4 % of a core, most of it here."""
_STORE_FRAMES = 200
_REPAIR_WAIT_SECONDS = 5
"""How long a repair may keep the store from beginning blocks while it waits for open ones; then it tries later."""
_KAFKA_ERRORS = (KafkaError, OSError, TimeoutError)


def record_of(event: Any) -> Record:
    """Return a Faust event as the pipeline knows it."""
    message = event.message
    return Record(message.topic, message.partition, message.offset, event.value or b"", event.ack)


def make_app(settings: Settings) -> faust.App:
    """Return the Faust app without agents: the settings that were measured, in one place."""
    return TablelessApp(
        "heliograph",
        broker=settings.kafka_url,
        store="memory://",
        value_serializer="raw",
        key_serializer="raw",
        topic_allow_declare=False,  # topics are made by us, with the right number of partitions
        topic_disable_leader=True,
        topic_partitions=settings.kafka_partitions,
        consumer_auto_offset_reset="earliest",
        # With Faust's 60 s the first join of an embedded broker takes 40 s; with these 5 s.
        broker_session_timeout=settings.kafka_session_timeout_seconds,
        broker_rebalance_timeout=settings.kafka_rebalance_timeout_seconds,
        broker_heartbeat_interval=1,
        broker_commit_interval=0.5,
        consumer_max_fetch_size=4 * 2**20,
        producer_compression_type="zstd",
        producer_max_request_size=8 * 2**20,
        producer_linger=0,
        stream_buffer_maxsize=512,
        web_bind=settings.worker_host,
        web_host=settings.worker_host,
        web_port=settings.worker_port,
        origin="streams",
        autodiscover=False,
    )


class Worker:
    """Wires the agents to their resources."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.app = make_app(settings)
        self.app.transport = QuickTransport(self.app.conf.broker_consumer, self.app)
        self.state = WorkerState()
        self._ceiling = Ceiling(settings.dead_letters_ceiling)
        self._database = Database(settings.database_url.get_secret_value())
        self._redis = Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=5, socket_connect_timeout=2)
        self._directory = TokenDirectory(self._database)
        self._announcer = Announcer(self._redis)
        self._clickhouse: ClickHouse | None = None
        self._store: Store | None = None
        self._opening = asyncio.Lock()
        self._receipts_outage = Outage(log, "the topic of receipts", meanwhile="spools send again what is stored")
        self._assigned: frozenset[TP] = frozenset()
        self._broker_watch = BrokerWatch(settings.kafka_url)
        self._raw = self._topic(topics.RAW)
        self._clean = self._topic(topics.CLEAN)
        self._dead = self._topic(topics.DEAD)
        self._receipts = self._topic(topics.RECEIPTS)
        self._attach()

    def _topic(self, name: str) -> Any:
        return self.app.topic(name, value_type=bytes, key_type=bytes, value_serializer="raw", key_serializer="raw")

    def _attach(self) -> None:
        app = self.app

        @app.agent(self._raw, name="enrich")
        async def enrich(stream: Any) -> None:
            enricher = Enricher(self._directory, self.state, self._ceiling, self._send_clean, self._send_dead)
            async for events in stream.noack_take(_ENRICH_FRAMES, within=_ENRICH_LINGER_SECONDS):
                await self._guard(enricher.handle([record_of(event) for event in events]))

        @app.agent(self._clean, name="store")
        async def store(stream: Any) -> None:
            storer = Storer(await self.store(), self.state, self._ceiling, self._send_dead)
            linger = self.settings.store_linger_ms / 1000
            async for events in stream.noack_take(_STORE_FRAMES, within=linger):
                await self._guard(storer.handle([record_of(event) for event in events]))

        @app.task  # type: ignore[untyped-decorator]
        async def announce() -> None:
            await self._announcer.run()

        @app.task  # type: ignore[untyped-decorator]
        async def listen() -> None:
            await self._listen_for_invalidations()

        @app.task  # type: ignore[untyped-decorator]
        async def keep_no_longer() -> None:
            await DailyRetention(self._database, self._connected, partial(beginnings, self._redis)).run()

        @app.task  # type: ignore[untyped-decorator]
        async def keep_times_of_campaigns() -> None:
            owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
            await campaigns.keep_times(CampaignTimer(self._database, self._redis, owner=owner))

        @app.task  # type: ignore[untyped-decorator]
        async def close_days() -> None:
            owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
            await ClosingDays(self._database, self._connected, owner=owner).run()

        @app.task  # type: ignore[untyped-decorator]
        async def look_across_hits() -> None:
            await self._behaviour_judge().run(self.settings.behaviour_interval_seconds)

        @app.timer(1.0)  # type: ignore[untyped-decorator]
        async def tell_troubles() -> None:
            self.state.tell()

        @app.task  # type: ignore[untyped-decorator]
        async def probe_clickhouse() -> None:
            clickhouse = await self._connected()
            await keep_probing(clickhouse.ping, service=CLICKHOUSE, errors=(ClickHouseError,), state=self.state)

        @app.task  # type: ignore[untyped-decorator]
        async def probe_database() -> None:
            await keep_probing(self._database.ping, service=DATABASE, errors=(UnavailableError,), state=self.state)

        @app.task  # type: ignore[untyped-decorator]
        async def probe_kafka() -> None:
            await self.store()  # makes the topics
            try:
                await keep_probing(self._measure_lag, service=KAFKA, errors=_KAFKA_ERRORS, state=self.state)
            finally:
                await self._broker_watch.close()

        app.on_partitions_revoked.connect(self._on_revoked)  # type: ignore[arg-type]
        app.on_partitions_assigned.connect(self._on_assigned)  # type: ignore[arg-type]

        operators = Operators(self.settings.metrics_token, is_behind_proxy=False)  # it stands behind none

        @app.page("/health/ready")
        async def ready(view: Any, request: Any) -> Any:
            is_ready, body = self.state.readiness()
            if not operators.may_see(request.remote or "", request.raw_headers):
                body = {"status": body["status"]}
            status = 200 if is_ready else 503
            return view.bytes(json.dumps(body).encode(), content_type="application/json", status=status)

        @app.page("/metrics")
        async def metrics(view: Any, request: Any) -> Any:
            if not operators.may_see(request.remote or "", request.raw_headers):
                return view.bytes(REFUSED.encode(), content_type="text/plain", status=403)
            return view.bytes(generate_latest(self._registry), content_type="text/plain")

        self._registry = CollectorRegistry()
        self._registry.register(WorkerMetrics(self.state))
        ProcessCollector(registry=self._registry)

    def _behaviour_judge(self) -> BehaviourJudge:
        return BehaviourJudge(
            self._database,
            self._connected,
            self._send_clean,
            owner=f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}",
            thresholds=thresholds_of(
                many_tokens=self.settings.behaviour_many_tokens, burst=self.settings.behaviour_burst
            ),
            state=self.state,
        )

    async def _guard(self, work: Any) -> None:
        """Let no error leave the loop unnoticed: Faust would go on as if the batch had been processed."""
        try:
            await work
        except DeadLetterCeilingError as error:
            log.critical("%s", error)
            await self.app.crash(error)
            await asyncio.Event().wait()  # nothing more is taken or acknowledged
        except Exception as error:
            log.critical("a batch cannot be processed; the worker stops, nothing is acknowledged", exc_info=error)
            await self.app.crash(error)
            await asyncio.Event().wait()

    # -- resources ---------------------------------------------------------------------------------------

    async def store(self) -> Store:
        """Return the store, connecting on first use; waits for ClickHouse and Kafka as long as it takes."""
        async with self._opening:
            if self._store is None:
                url = self.settings.clickhouse_url.get_secret_value()
                self._clickhouse = await until_done(
                    lambda: ClickHouse.connect(url, timeout_seconds=60),
                    service=CLICKHOUSE,
                    errors=(ClickHouseError,),
                    state=self.state,
                )
                life = await until_done(
                    lambda: ensure_topics(self.settings), service=KAFKA, errors=_KAFKA_ERRORS, state=self.state
                )
                self._store = Store(
                    topic=topics.CLEAN,
                    life=life,
                    clickhouse=self._clickhouse,
                    ledger=BlockLedger(self._database, owner=self.settings.worker_id),
                    state=self.state,
                    max_block_events=self.settings.store_block_events,
                    send_receipt=self._send_receipt,
                    announce=self._announcer.announce,
                    note_late=late_noter(self._database, utc_now),
                    hold=lambda: hold_store(self._database, only_life=life, wait_seconds=_REPAIR_WAIT_SECONDS),
                    spawn=self._spawn,
                    pause=self._pause,
                    resume=self._resume,
                )
                self._store.assign(self._clean_partitions())
            return self._store

    async def _connected(self) -> ClickHouse:
        await self.store()
        assert self._clickhouse is not None  # the store has connected it
        return self._clickhouse

    async def _send_clean(self, frames: Sequence[tuple[int, bytes]]) -> None:
        """Deliver frames to their partitions, trying again in place until Kafka has acknowledged each."""
        left = list(frames)

        async def deliver() -> None:
            sent = [await self._clean.send(value=value, partition=partition) for partition, value in left]
            outcomes = await asyncio.gather(*sent, return_exceptions=True)
            failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
            left[:] = [item for item, outcome in zip(left, outcomes, strict=True) if isinstance(outcome, BaseException)]
            if failed:
                raise failed[0]

        await until_done(deliver, service=KAFKA, errors=_KAFKA_ERRORS, state=self.state)

    async def _send_dead(self, letter: DeadLetter) -> None:
        async def deliver() -> None:
            await (await self._dead.send(value=letter.body(), headers=letter.headers()))

        await until_done(deliver, service=KAFKA, errors=_KAFKA_ERRORS, state=self.state)

    async def _send_receipt(self, source: str, stored: Sequence[Range]) -> None:
        """Tell a spool what is stored. Not waited for: a lost receipt costs frames sent twice."""
        try:
            await self._receipts.send(key=source.encode(), value=receipts.encode(stored), partition=0)
        except _KAFKA_ERRORS as error:
            self._receipts_outage.begin(error)
        else:
            self._receipts_outage.end()

    async def _listen_for_invalidations(self) -> None:
        outage = Outage(log, "Redis", meanwhile="changes of tokens and settings are seen some seconds later")
        while True:
            try:
                async with self._redis.pubsub() as channel:
                    await channel.subscribe(INVALIDATE)
                    outage.end()
                    self._directory.forget()
                    while True:
                        if await channel.get_message(ignore_subscribe_messages=True, timeout=4):
                            self._directory.forget()
            except (RedisError, OSError, TimeoutError) as error:
                outage.begin(error)
                await asyncio.sleep(1)

    # -- partitions --------------------------------------------------------------------------------------

    async def _on_revoked(self, _app: Any, *_args: Any, **_kwargs: Any) -> None:
        self.state.is_assigned = False
        self._assign(())

    async def _on_assigned(self, _app: Any, assigned: Iterable[TP], *_args: Any, **_kwargs: Any) -> None:
        self.state.is_assigned = True
        self._assign(assigned)
        self.app.add_future(self._guard(self._claim()))

    def _assign(self, assigned: Iterable[TP]) -> None:
        self._assigned = frozenset(tp for tp in assigned if tp.topic in topics.PARTITIONED)
        self.state.progress.forget()
        if self._store is not None:
            self._store.assign(self._clean_partitions())

    def _clean_partitions(self) -> list[int]:
        return sorted(tp.partition for tp in self._assigned if tp.topic == topics.CLEAN)

    async def _claim(self) -> None:
        """Claim at once, so that a block broken off is repaired even if the partition stays silent."""
        store = await self.store()
        for claimed in await asyncio.gather(*map(store.claim, self._clean_partitions()), return_exceptions=True):
            if isinstance(claimed, LostPartitionError):
                log.debug("%s", claimed)
            elif claimed is not None:
                raise claimed

    def _pause(self, partition: int) -> None:
        """Want no more frames of a partition, as Faust does when a buffer is full; those on their way still come."""
        self.app.consumer.on_buffer_full(TP(topics.CLEAN, partition))

    def _resume(self, partition: int) -> None:
        if (tp := TP(topics.CLEAN, partition)) in self._assigned:
            self.app.consumer.on_buffer_drop(tp)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.app.add_future(self._guard(work))

    async def _measure_lag(self) -> None:
        """Ask Kafka how much of our partitions is not acknowledged yet; that it answers is half of what we want."""
        assigned = self._assigned
        ends = await self._broker_watch.ends(assigned)
        consumer: Any = self.app.consumer
        committed = consumer._committed_offset
        # Faust knows what was committed once it has gone there, and no rebalance came between
        if assigned is self._assigned and all(tp in consumer._read_offset for tp in assigned):
            self.state.progress.measured(
                {f"{tp.topic}[{tp.partition}]": (ends[tp], committed.get(tp) or 0) for tp in assigned}
            )


def main() -> None:
    """Run the worker with the settings of the environment, until SIGTERM or SIGINT."""
    keep_files_private()
    settings = settings_or_exit("worker")
    configure_logging(settings, process="worker")
    log.info("time zone data in use: %s; others: %s", sources()[0], ", ".join(map(str, sources()[1:])) or "none")
    worker = Worker(settings)
    # Frames make no cycles, and what is loaded by now stays: looking for garbage took half the time of enrichment.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    faust.Worker(
        worker.app,
        loglevel=None,
        logfile=None,
        override_logging=False,
        quiet=True,
        redirect_stdouts=False,
    ).execute_from_commandline()


if __name__ == "__main__":
    main()
