"""What the two agents do with a batch, apart from Faust: so that it can be tested with any source of records."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from app.classification.classifier import classify
from app.errors import UnavailableError
from app.tracking.tokens import TokenDirectory
from schemas.frame import Frame, FrameError, decode
from streams.dead_letter import Ceiling, DeadLetter
from streams.enrich import STEPS, Parsed, enrich, parse
from streams.event import Context
from streams.retry import until_done
from streams.state import DATABASE, WorkerState
from streams.store import Store, Stored

log = logging.getLogger("heliograph.worker")


@dataclass(frozen=True, slots=True)
class Record:
    """A Kafka record as the agents need it; `ack` lets the consumer commit past it, once all before are acked too."""

    topic: str
    partition: int
    offset: int
    value: bytes
    ack: Callable[[], object]


@dataclass(slots=True)
class Enricher:
    """Turns raw frames into clean ones, in order, and acknowledges a record only when its clean frame is in Kafka."""

    directory: TokenDirectory
    state: WorkerState
    ceiling: Ceiling
    send_clean: Callable[[Sequence[tuple[int, bytes]]], Awaitable[None]]
    """Delivers (partition, frame) pairs; returns when Kafka has acknowledged all."""
    send_dead: Callable[[DeadLetter], Awaitable[None]]

    async def handle(self, records: Sequence[Record]) -> None:
        """Enrich a batch."""
        readable: list[tuple[Record, Frame, Parsed]] = []
        for record in records:
            try:
                frame = decode(record.value)
            except FrameError as error:
                await self._bury(record, record.value, f"{error.code}: {error}")
                continue
            parsed = parse(frame)
            for raw, why in parsed.poison:
                await self._bury(record, raw, why)
            readable.append((record, frame, parsed))
        raws = [raw for _, _, parsed in readable for raw in parsed.events]
        tokens = {raw.token for raw in raws if raw.tracking == "user"}
        campaign_tokens = {raw.token for raw in raws if raw.tracking == "campaign"}

        async def look_up() -> Context:
            owners = await self.directory.owners(tokens)
            campaign_owners = await self.directory.campaign_owners(campaign_tokens) if campaign_tokens else {}
            return Context(owners, campaign_owners, classify)

        times, count = self.state.times, len(raws)
        with times.stage("enrich", "look_up", count):
            context = await until_done(look_up, service=DATABASE, errors=(UnavailableError,), state=self.state)
        out: list[tuple[int, bytes]] = []
        for record, frame, parsed in readable:
            clean, drops = enrich(frame, parsed, context, times.sampled("enrich", STEPS))
            out.append((record.partition, clean))
            self.state.count_drops(drops)
            self.state.enriched_events += len(parsed.events)
        with times.stage("enrich", "send_clean", count):
            await self.send_clean(out)
        for record in records:
            record.ack()

    async def _bury(self, record: Record, raw: bytes, reason: str) -> None:
        await bury(record, raw, "enrich", reason, ceiling=self.ceiling, state=self.state, send=self.send_dead)


@dataclass(slots=True)
class Storer:
    """Hands clean frames to the store; what is no frame is set apart."""

    store: Store
    state: WorkerState
    ceiling: Ceiling
    send_dead: Callable[[DeadLetter], Awaitable[None]]

    async def handle(self, records: Sequence[Record]) -> None:
        """Store a batch. Records are acknowledged by the store, once they are in ClickHouse."""
        arrived = []
        for record in records:
            try:
                frame = decode(record.value)
            except FrameError as error:
                await bury(
                    record,
                    record.value,
                    "store",
                    f"{error.code}: {error}",
                    ceiling=self.ceiling,
                    state=self.state,
                    send=self.send_dead,
                )
                record.ack()
                continue
            arrived.append((record.partition, Stored(record.offset, frame, record.ack)))
        await self.store.handle(arrived)


async def bury(
    record: Record,
    raw: bytes,
    stage: str,
    reason: str,
    *,
    ceiling: Ceiling,
    state: WorkerState,
    send: Callable[[DeadLetter], Awaitable[None]],
) -> None:
    """Set a record or line apart. Raises `DeadLetterCeilingError` when there are too many."""
    letter = DeadLetter(raw, stage, reason, record.topic, record.partition, record.offset)
    ceiling.count(letter)
    state.dead_letters[stage] = state.dead_letters.get(stage, 0) + 1
    log.warning("dead letter from %s[%d]@%d: %s", record.topic, record.partition, record.offset, reason)
    await send(letter)
