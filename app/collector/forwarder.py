"""Forwards the spool to Kafka as frames, and keeps sending what has no receipt."""

import asyncio
import contextlib
import logging
import zlib
from collections.abc import Coroutine

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaConnectionError, KafkaError

from app.collector import topics as broker
from app.collector.absence import BrokerAbsence
from app.collector.backlog import Backlog
from app.collector.closing import closed_within
from app.collector.receipts import ReceiptReader
from app.collector.segment import Slice
from app.collector.spool import Spool
from app.settings import Settings
from schemas import topics
from schemas.frame import Origin, encode

log = logging.getLogger("heliograph.forwarder")

MAX_IN_FLIGHT = 64
_RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0)
_HOUSEKEEPING_SECONDS = 0.5
_CONNECT_SECONDS = 15
_PATIENCE_SECONDS = 6
_CLOSE_SECONDS, _END_SECONDS = 1.0, 3.0
"""What a connection that is given up may take to close: nothing is sent on before it has."""


def is_being_cancelled() -> bool:
    """Whether somebody has asked the current task to end, as opposed to a future it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class BrokerForgotError(Exception):
    """The broker answers with another cluster id than before: it has a new life and no memory."""


class Forwarder:
    """Sends every byte of the spool at least once, and again until the store has confirmed it.

    `state` is one of `starting`, `forwarding`, `held`, `broker_away`; `broker` says why and how long it is away.
    """

    def __init__(self, spool: Spool, settings: Settings) -> None:
        self.broker = BrokerAbsence()
        self._state = "starting"
        self.sent_frames = self.sent_events = 0
        self.backlog = Backlog(spool, max_lines=settings.frame_max_events)
        self._spool, self._settings = spool, settings
        self._in_flight: dict[asyncio.Future[object], Slice] = {}
        self._landed = asyncio.Event()
        self._wake = asyncio.Event()
        self._failed: BaseException | None = None
        spool.on_append(self._wake.set)

    @property
    def state(self) -> str:
        """What it does at this moment."""
        return self._state if self.broker.seconds is None else "broker_away"

    async def run(self) -> None:
        """Forward until cancelled; survives any absence of the broker."""
        attempt = 0
        while True:
            try:
                try:
                    await self._connected()
                except asyncio.CancelledError as error:
                    # aiokafka cancels what waits on a connection that breaks; only our own end may end us.
                    if is_being_cancelled():
                        raise
                    raise KafkaConnectionError("a connection to the broker broke") from error
            except (KafkaError, OSError, TimeoutError, BrokerForgotError) as error:
                is_back = isinstance(error, BrokerForgotError)
                attempt = 0 if is_back else attempt + 1
                self.broker.failed(f"{type(error).__name__}: {error}".removesuffix(": "), is_told=not is_back)
                self._take_back_in_flight()
                await asyncio.sleep(_RETRY_SECONDS[min(attempt, len(_RETRY_SECONDS) - 1)])
            finally:
                self.backlog.save_cursor(self._in_flight.values())

    async def _connected(self) -> None:
        """One connection to one life of the broker; returns only by raising."""
        self.broker.asked()
        servers = broker.bootstrap_servers(self._settings.kafka_url)
        life = await asyncio.wait_for(broker.ensure_topics(self._settings), _CONNECT_SECONDS)
        async with contextlib.AsyncExitStack() as stack:
            receipts = ReceiptReader(servers, self._spool)
            await receipts.start()
            stack.push_async_callback(receipts.stop)
            if life != self.backlog.life:
                await receipts.catch_up()
                self.backlog.start_life(life)
            producer = _producer(servers)
            await producer.start()
            stack.push_async_callback(_stop_quickly, producer)
            self._failed = None
            self.broker.answered()
            await _first_failure(self._pump(producer), receipts.run(), self._watch_life(servers))

    async def _pump(self, producer: AIOKafkaProducer) -> None:
        partitions = len(await producer.partitions_for(topics.RAW))
        linger = self._settings.frame_linger_ms / 1000
        is_busy = False
        while True:
            if self._failed is not None:
                raise self._failed
            if self._is_held():
                self._state = "held"
                await asyncio.sleep(0.05)
                continue
            self._state = "forwarding"
            if not is_busy:
                await asyncio.sleep(linger)
            self._wake.clear()
            part = self.backlog.take()
            if part is None:
                is_busy = False
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _HOUSEKEEPING_SECONDS)
                continue
            # Half a frame came together while one was sent, or more waits: go on without lingering.
            is_busy = part.count * 2 > self._settings.frame_max_events or self.backlog.has_old
            await self._send(producer, part, partitions)

    async def _send(self, producer: AIOKafkaProducer, part: Slice, partitions: int) -> None:
        origin = Origin(self._spool.source, part.segment, part.start, part.end)
        where = zlib.crc32(f"{origin.source}:{part.segment}:{part.stripe}".encode()) % partitions
        try:
            future = await producer.send(topics.RAW, encode(origin, part.count, part.payload), partition=where)
        except BaseException:
            self.backlog.put_back([part])
            raise
        self._in_flight[future] = part
        future.add_done_callback(self._on_landed)
        while len(self._in_flight) >= MAX_IN_FLIGHT:
            self._landed.clear()
            await self._landed.wait()

    def _on_landed(self, future: asyncio.Future[object]) -> None:
        part = self._in_flight.pop(future, None)
        self._landed.set()
        if part is None:
            return
        if future.cancelled() or future.exception() is not None:
            self.backlog.put_back([part])
            self._failed = KafkaError("sending was cancelled") if future.cancelled() else future.exception()
            return
        self.sent_frames += 1
        self.sent_events += part.count
        self.backlog.landed(part)

    def _take_back_in_flight(self) -> None:
        """Send again what was under way when the connection ended."""
        self.backlog.put_back(self._in_flight.values())
        self._in_flight.clear()

    async def _watch_life(self, servers: str) -> None:
        """Notice at once that the broker is gone, within a second that it has lost its memory; do the housekeeping.

        A connection without an answer is kept for longer than readiness is green: a frozen broker goes on where it
        stopped, and then a second sender would be a rival to the first.
        """
        self.broker.asked()
        canary = await broker.Canary.open(servers)
        admin = AIOKafkaAdminClient(bootstrap_servers=servers, request_timeout_ms=5_000)
        try:
            await admin.start()
            while True:
                self.broker.asked()
                if await asyncio.wait_for(broker.cluster_id(admin), _PATIENCE_SECONDS) != self.backlog.life:
                    raise BrokerForgotError("the broker has a new cluster id")
                self.broker.answered()
                self._spool.rotate_if_old()
                self._spool.delete_stored(older_than=self._settings.spool_horizon_seconds)
                self.backlog.requeue_without_receipt(patience_seconds=self._settings.spool_resend_seconds)
                self.backlog.save_cursor(self._in_flight.values())
                if await canary.is_lost(within_seconds=_HOUSEKEEPING_SECONDS):
                    raise KafkaConnectionError("the broker closed the connection that watches it")
                if canary.is_tired:
                    canary.close()
                    canary = await broker.Canary.open(servers)
        finally:
            canary.close()
            await closed_within(_CLOSE_SECONDS, admin.close(), what="the connection that watches the broker")

    def _is_held(self) -> bool:
        hold = self._settings.spool_hold_file
        return hold is not None and hold.exists()

    def status(self) -> dict[str, object]:
        """Return what readiness shows: state, reason, bytes unconfirmed (of these awaited: sent), frames waiting."""
        return {
            "state": self.state,
            "reason": self.broker.reason,
            "unconfirmedBytes": self._spool.unconfirmed_bytes(),
            "awaitedBytes": self.backlog.awaited_bytes,
            "inFlightFrames": len(self._in_flight),
            "sentEvents": self.sent_events,
            "resentFrames": self.backlog.resent_frames,
            "damagedBytes": self.backlog.damaged_bytes,
        }


def _producer(servers: str) -> AIOKafkaProducer:
    return AIOKafkaProducer(
        bootstrap_servers=servers,
        acks="all",
        compression_type="zstd",
        max_batch_size=512 * 1024,
        max_request_size=8 * 2**20,
        linger_ms=0,
        request_timeout_ms=10_000,
        retry_backoff_ms=100,
    )


async def _first_failure(*coroutines: Coroutine[object, object, None]) -> None:
    """Run endless coroutines side by side until one raises; end the others and raise that."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        ended, left = await asyncio.wait(tasks, timeout=_END_SECONDS)
        for task in ended:
            if not task.cancelled():
                task.exception()  # the first is raised, the others are its consequence
        if left:
            log.warning("%d parts of the connection did not end within %g s", len(left), _END_SECONDS)


async def _stop_quickly(producer: AIOKafkaProducer) -> None:
    """Stop a producer whose broker may be gone: unsent frames are in the spool, so nothing of it may go on sending.

    Its own `stop` flushes first, and goes on in the background when that takes too long: the next producer would then
    have a rival, and two on one partition make the embedded broker write one offset twice.
    """
    sender = producer._sender.sender_task
    sender.cancel()
    # ends what is under way, for which the sender waits
    await closed_within(_CLOSE_SECONDS, producer.client.close(), what="the connection of the producer")
    await asyncio.wait([sender], timeout=1)
    producer._closed = True  # or it complains of not having been stopped
