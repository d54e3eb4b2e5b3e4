"""Forwards the spool to Kafka as frames, and keeps sending what has no receipt.

It reads only the spool's files: what happens to the process or to the broker, the files say what is left to do.
"""

import asyncio
import contextlib
import json
import logging
import time
import zlib
from collections import deque
from collections.abc import Coroutine
from pathlib import Path

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from app.collector import topics as broker
from app.collector.receipts import ReceiptReader
from app.collector.segment import Slice
from app.collector.spool import Spool
from app.settings import Settings
from schemas import topics
from schemas.frame import Origin, encode
from schemas.receipts import Range

log = logging.getLogger("heliograph.forwarder")

MAX_IN_FLIGHT = 64
_RETRY_SECONDS = (0.2, 0.5, 1.0, 2.0)
_HOUSEKEEPING_SECONDS = 0.5


class BrokerForgotError(Exception):
    """The broker answers with another cluster id than before: it has a new life and no memory."""


class Forwarder:
    """Sends every byte of the spool at least once, and again until the store has confirmed it.

    `state` is one of `starting`, `forwarding`, `held`, `broker_away`; `reason` says why when it is away.
    """

    def __init__(self, spool: Spool, settings: Settings) -> None:
        self.state = "starting"
        self.reason = ""
        self.sent_frames = self.sent_events = self.resent_frames = self.damaged_bytes = 0
        self._spool, self._settings = spool, settings
        self._cursor_file: Path = spool.directory / "cursor.json"
        self._life, self._position = self._load_cursor()
        self._again: deque[Range] = deque()
        self._in_flight: dict[asyncio.Future[object], Slice] = {}
        self._sent_at = dict.fromkeys(spool.segments, time.monotonic())
        self._landed = asyncio.Event()
        self._wake = asyncio.Event()
        self._failed: BaseException | None = None
        spool.on_append(self._wake.set)

    # -- what is left to do ----------------------------------------------------------------------------

    def _load_cursor(self) -> tuple[str, tuple[int, int]]:
        try:
            saved = json.loads(self._cursor_file.read_text())
            return str(saved["life"]), (int(saved["segment"]), int(saved["offset"]))
        except (OSError, ValueError, KeyError, TypeError):
            return "", (0, 0)

    def _save_cursor(self) -> None:
        """Remember the first byte that Kafka has not acknowledged, and under which life of the broker."""
        waiting = [(part.segment, part.start) for part in self._in_flight.values()]
        waiting += [(part.segment, part.start) for part in self._again]
        segment, offset = min([self._position, *waiting])
        text = json.dumps({"life": self._life, "segment": segment, "offset": offset})
        temporary = self._cursor_file.with_suffix(".tmp")
        with contextlib.suppress(OSError):  # a full disk costs only frames sent twice
            temporary.write_text(text)
            temporary.replace(self._cursor_file)

    def _next_fresh(self) -> Range | None:
        """Return the bytes after the position, moving it to the next segment where one is finished."""
        number, offset = self._position
        current = self._spool.segments.get(number)
        if current is not None and offset < current.size:
            return Range(number, offset, current.size)
        later = min((n for n in self._spool.segments if n > number), default=None)
        if later is None:
            return None
        self._position = (later, 0)
        return Range(later, 0, self._spool.segments[later].size)

    def _take(self) -> Slice | None:
        """Return the next slice to send: alternately one that is sent again and a fresh one."""
        while self._again:
            wanted = self._again.popleft()
            part = self._spool.read(wanted, max_lines=self._settings.frame_max_events)
            if part is None:
                continue
            if part.end < wanted.end:
                self._again.appendleft(Range(wanted.segment, part.end, wanted.end))
            if part.count:
                self.resent_frames += 1
                return part
            self._skip(part)
        return self._take_fresh()

    def _take_fresh(self) -> Slice | None:
        while (wanted := self._next_fresh()) is not None:
            part = self._spool.read(wanted, max_lines=self._settings.frame_max_events)
            if part is None:
                return None
            self._position = (part.segment, part.end)
            if part.count:
                return part
            self._skip(part)
        return None

    def _skip(self, damage: Slice) -> None:
        self.damaged_bytes += damage.end - damage.start
        log.warning("skipped %d damaged bytes of segment %x", damage.end - damage.start, damage.segment)
        self._spool.confirm(Range(damage.segment, damage.start, damage.end))

    def _send_all_unconfirmed_again(self) -> None:
        """Queue every stretch without a receipt up to the position; what lies after it will be sent anyway."""
        self._again = deque(
            Range(part.segment, part.start, min(part.end, self._end_of_sent(part.segment)))
            for part in self._spool.unconfirmed()
            if part.start < self._end_of_sent(part.segment)
        )

    def _end_of_sent(self, segment: int) -> int:
        number, offset = self._position
        if segment == number:
            return offset
        return self._spool.segments[segment].size if segment < number else 0

    def _awaited_bytes(self) -> int:
        """Return how many bytes are with the broker or the store: sent, not confirmed, not to be sent again."""
        sent = sum(
            max(0, min(part.end, self._end_of_sent(part.segment)) - part.start) for part in self._spool.unconfirmed()
        )
        return max(0, sent - sum(part.end - part.start for part in self._again))

    # -- sending ---------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Forward until cancelled; survives any absence of the broker."""
        attempt = 0
        while True:
            try:
                await self._connected()
            except (KafkaError, OSError, TimeoutError, BrokerForgotError) as error:
                self._requeue()
                self.state, self.reason = "broker_away", f"{type(error).__name__}: {error}"
                attempt = 0 if isinstance(error, BrokerForgotError) else attempt + 1
                if attempt in (1, 20):
                    log.warning("the broker is away (%s); hits wait in the spool", self.reason)
                await asyncio.sleep(_RETRY_SECONDS[min(attempt, len(_RETRY_SECONDS) - 1)])
            finally:
                self._save_cursor()

    async def _connected(self) -> None:
        """One connection to one life of the broker; returns only by raising."""
        settings = self._settings
        servers = broker.bootstrap_servers(settings.kafka_url)
        life = await asyncio.wait_for(broker.ensure_topics(settings), 15)
        receipts = ReceiptReader(servers, self._spool)
        producer = AIOKafkaProducer(
            bootstrap_servers=servers,
            acks="all",
            compression_type="zstd",
            max_batch_size=512 * 1024,
            max_request_size=8 * 2**20,
            linger_ms=0,
            request_timeout_ms=10_000,
            retry_backoff_ms=100,
        )
        async with contextlib.AsyncExitStack() as stack:
            await receipts.start()
            stack.push_async_callback(receipts.stop)
            if life != self._life:
                await receipts.catch_up()
                self._send_all_unconfirmed_again()
                log.info("broker %s: %d stretches are sent again", life, len(self._again))
                self._life = life
            await producer.start()
            stack.push_async_callback(_stop_quickly, producer)
            self._failed, self.reason = None, ""
            await _first_failure(self._pump(producer), receipts.run(), self._watch_life(servers))

    async def _pump(self, producer: AIOKafkaProducer) -> None:
        partitions = len(await producer.partitions_for(topics.RAW))
        linger = self._settings.frame_linger_ms / 1000
        last_full = False
        while True:
            if self._failed is not None:
                raise self._failed
            if self._is_held():
                self.state = "held"
                await asyncio.sleep(0.05)
                continue
            self.state = "forwarding"
            if not last_full:
                await asyncio.sleep(linger)
            self._wake.clear()
            part = self._take()
            if part is None:
                last_full = False
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), _HOUSEKEEPING_SECONDS)
                continue
            last_full = part.count * 2 > self._settings.frame_max_events or bool(self._again)
            await self._send(producer, part, partitions)

    async def _send(self, producer: AIOKafkaProducer, part: Slice, partitions: int) -> None:
        origin = Origin(self._spool.source, part.segment, part.start, part.end)
        where = zlib.crc32(f"{origin.source}:{part.segment}:{part.stripe}".encode()) % partitions
        try:
            future = await producer.send(topics.RAW, encode(origin, part.count, part.payload), partition=where)
        except BaseException:
            self._again.append(Range(part.segment, part.start, part.end))
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
            self._again.append(Range(part.segment, part.start, part.end))
            self._failed = KafkaError("sending was cancelled") if future.cancelled() else future.exception()
            return
        self.sent_frames += 1
        self.sent_events += part.count
        self._sent_at[part.segment] = time.monotonic()

    def _requeue(self) -> None:
        """Send again what was under way when the connection ended."""
        for part in self._in_flight.values():
            self._again.append(Range(part.segment, part.start, part.end))
        self._in_flight.clear()

    async def _watch_life(self, servers: str) -> None:
        """Notice within a second that the broker has lost its memory, and do the housekeeping."""
        admin = AIOKafkaAdminClient(bootstrap_servers=servers, request_timeout_ms=5_000)
        await admin.start()
        try:
            while True:
                if await asyncio.wait_for(broker.cluster_id(admin), 6) != self._life:
                    raise BrokerForgotError("the broker has a new cluster id")
                self._housekeeping()
                await asyncio.sleep(_HOUSEKEEPING_SECONDS)
        finally:
            await admin.close()

    def _housekeeping(self) -> None:
        self._spool.rotate_if_old()
        self._spool.delete_stored(older_than=self._settings.spool_horizon_seconds)
        self._save_cursor()
        patience = self._settings.spool_resend_seconds
        now = time.monotonic()
        for number, sent_at in list(self._sent_at.items()):
            found = self._spool.segments.get(number)
            if found is None:
                del self._sent_at[number]
            elif now - sent_at > patience and not found.is_open and found.unconfirmed():
                self._sent_at[number] = now
                self._again.extend(Range(number, *gap) for gap in found.stored.missing(0, found.size))
                log.warning("segment %x has no receipt after %g s; it is sent again", number, patience)

    def _is_held(self) -> bool:
        hold = self._settings.spool_hold_file
        return hold is not None and hold.exists()

    def status(self) -> dict[str, object]:
        """Return what readiness shows: state, reason, bytes unconfirmed (of these awaited: sent), frames waiting."""
        return {
            "state": self.state,
            "reason": self.reason,
            "unconfirmedBytes": self._spool.unconfirmed_bytes(),
            "awaitedBytes": self._awaited_bytes(),
            "inFlightFrames": len(self._in_flight),
            "sentEvents": self.sent_events,
            "resentFrames": self.resent_frames,
            "damagedBytes": self.damaged_bytes,
        }


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
        await asyncio.gather(*tasks, return_exceptions=True)


async def _stop_quickly(producer: AIOKafkaProducer) -> None:
    """Stop a producer whose broker may be gone: unsent frames are in the spool, so do not wait for them."""
    with contextlib.suppress(Exception):
        await asyncio.wait_for(producer.stop(), 1)
