"""Stores clean frames exactly once: ledger, known ids, insert, then acknowledgement, receipt and announcement."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeVar

from app.errors import ConflictError, UnavailableError
from app.store.ledger import BlockLedger, Entry, LostPartitionError
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseQueryError, ClickHouseUnavailableError
from clickhouse.known_ids import find_known_ids
from clickhouse.rebuild import repair_block
from schemas.events import SignatureOpened, VisitorReclassified
from schemas.frame import OURSELVES, Frame
from schemas.receipts import Range, merge
from streams.blocks import Block, PartitionBlocks
from streams.retry import until_done
from streams.rows import Rows
from streams.state import WorkerState

log = logging.getLogger("heliograph.store")

_CLICKHOUSE = (ClickHouseUnavailableError, ClickHouseQueryError)
_HOLD_SECONDS = 0.05

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stored:
    """A frame, the offset of the record that brought it, and how to acknowledge that."""

    offset: int
    frame: Frame
    ack: Callable[[], object]


class Store:
    """The store of one worker. `handle` returns when its frames are stored or wait for the rest of their block."""

    def __init__(
        self,
        *,
        topic: str,
        life: str,
        clickhouse: ClickHouse,
        ledger: BlockLedger,
        state: WorkerState,
        max_block_events: int,
        send_receipt: Callable[[str, Sequence[Range]], Awaitable[None]],
        announce: Callable[[Iterable[SignatureOpened], Iterable[VisitorReclassified]], None],
        note_late: Callable[[Rows], Awaitable[None]],
        hold: Callable[[], AbstractAsyncContextManager[None]],
    ) -> None:
        self._topic, self._life = topic, life
        self._clickhouse, self._ledger, self._state = clickhouse, ledger, state
        self._max_block_events = max_block_events
        self._send_receipt, self._announce, self._hold = send_receipt, announce, hold
        self._note_late = note_late
        self._partitions: dict[int, PartitionBlocks[Stored]] = {}
        self._claiming = asyncio.Lock()

    # -- ownership ---------------------------------------------------------------------------------------

    def release(self) -> None:
        """Forget every partition: the group is rebalanced, frames that were not acknowledged come again."""
        self._partitions = {}

    async def claim(self, partition: int) -> PartitionBlocks[Stored]:
        """Become the owner of a partition: fence the one before, end what it left running, repair what it broke."""
        async with self._claiming:
            if partition in self._partitions:
                return self._partitions[partition]
            entry = await self._database(lambda: self._ledger.claim(self._topic, partition))
            await self._log(lambda: self._clickhouse.kill(self._query_prefix(partition)))
            blocks: PartitionBlocks[Stored] = PartitionBlocks(self._life, entry)
            while blocks.is_broken_off:
                await self._repair(blocks)
            self._partitions[partition] = blocks
            return blocks

    async def _repair(self, blocks: PartitionBlocks[Stored]) -> None:
        """Make the views agree with what the log holds of a block that can't be formed again.

        A repair exchanges whole months of the views, and what anybody inserted meanwhile would be lost from them: it
        holds the store, and if blocks that are under way keep it waiting too long, it leaves the block for next time.
        """
        log.warning("block %s cannot be formed again; the views are remade from the log", blocks.entry.token)
        try:
            async with self._hold():
                await self._log(lambda: repair_block(self._clickhouse, blocks.entry.token))
                blocks.entry = await self._database(lambda: self._ledger.done(blocks.entry))
        except (ConflictError, UnavailableError) as error:
            log.warning("the repair has to wait: %s", error)
            return
        self._state.repaired_blocks += 1

    # -- storing -----------------------------------------------------------------------------------------

    async def handle(self, arrived: Iterable[tuple[int, Stored]]) -> None:
        """Store frames, given with their partitions. Ends without acknowledging what another worker has claimed."""
        by_partition: dict[int, list[Stored]] = {}
        for partition, stored in arrived:
            by_partition.setdefault(partition, []).append(stored)
        for partition, frames in by_partition.items():
            try:
                await self._handle_partition(partition, frames)
            except LostPartitionError as error:
                log.warning("%s; its frames are left to the new owner", error)
                self._partitions.pop(partition, None)

    async def _handle_partition(self, partition: int, frames: Sequence[Stored]) -> None:
        blocks = await self.claim(partition)
        known = [stored for stored in frames if not blocks.offer(stored.offset, stored, stored.frame.count)]
        await self._acknowledge(known)
        if blocks.missed():
            blocks.entry = await self._database(lambda: self._ledger.give_up(blocks.entry))
        if blocks.is_broken_off:
            await self._repair(blocks)
            if blocks.is_broken_off:
                return
        while (block := blocks.next_block(self._max_block_events)) is not None:
            await self._store_block(blocks, block)

    async def _store_block(self, blocks: PartitionBlocks[Stored], block: Block[Stored]) -> None:
        entry = blocks.entry if block.is_repeated else await self._open(blocks.entry, block)
        times, count = self._state.times, sum(stored.frame.count for stored in block.frames)
        with times.stage("store", "read_rows", count):
            rows = await asyncio.to_thread(Rows.of, [stored.frame for stored in block.frames])
        ids = rows.ids()
        known: set[str] = set()
        if ids:
            with times.stage("store", "find_known_ids", count):
                known = await self._log(lambda: find_known_ids(self._clickhouse, ids, block=block.token))
        fresh = rows.without(known)
        with times.stage("store", "insert", count):
            await self._insert(entry.partition, block.token, fresh)
        # Before the block is closed, so that a crash in between repeats it; of all its rows, because those that were
        # stored by a block which could not be formed again come back as known ones.
        await self._database(lambda: self._note_late(rows))
        blocks.finish(block, await self._database(lambda: self._ledger.done(entry)))
        self._state.stored_blocks += 1
        self._state.repeated_blocks += block.is_repeated
        self._state.stored_events += len(fresh)
        self._state.duplicate_events += len(known)
        await self._acknowledge(block.frames)
        self._announce(fresh.opened, fresh.reclassified)

    async def _open(self, previous: Entry, block: Block[Stored]) -> Entry:
        """Write the block down, unless maintenance holds the store; then wait until it is over."""

        async def write() -> Entry:
            return await self._ledger.open(
                previous,
                life=self._life,
                first_offset=block.first_offset,
                last_offset=block.last_offset,
                token=block.token,
            )

        while True:
            opened = await self._database(write)
            # Written first and looked second: whoever takes the hold looks for open blocks after taking it, so
            # one of the two always sees the other.
            if not await self._database(self._ledger.is_held):
                return opened
            previous = await self._database(lambda: self._ledger.withdraw(opened, previous))  # noqa: B023 - awaited here
            while await self._database(self._ledger.is_held):
                await asyncio.sleep(_HOLD_SECONDS)

    async def _insert(self, partition: int, token: str, rows: Rows) -> None:
        tables = (
            ("events", len(rows.opened), rows.event_columns),
            ("drops", len(rows.dropped), rows.drop_columns),
            ("reclassifications", len(rows.reclassified), rows.reclassification_columns),
        )
        for table, count, columns in tables:
            if not count:
                continue
            data = columns(token)
            attempts = iter(range(1_000_000))
            await self._log(
                lambda table=table, data=data, attempts=attempts: self._clickhouse.insert(  # type: ignore[misc]
                    table,
                    data,
                    query_id=f"{self._query_prefix(partition)}{token}:{table}:{next(attempts)}",
                    token=f"{token}:{table}",
                )
            )

    def _query_prefix(self, partition: int) -> str:
        return f"store:{self._topic}:{partition}:"

    async def _acknowledge(self, frames: Sequence[Stored]) -> None:
        by_source: dict[str, list[Range]] = {}
        for stored in frames:
            origin = stored.frame.origin
            if origin.source == OURSELVES:
                continue  # in no spool: who made it looks into the log
            by_source.setdefault(origin.source, []).append(Range(origin.segment, origin.start, origin.end))
        for source, ranges in by_source.items():
            await self._send_receipt(source, merge(ranges))
        for stored in frames:  # last: a record that is acknowledged does not come again to give its receipt
            stored.ack()

    async def _log(self, action: Callable[[], Awaitable[T]]) -> T:
        return await until_done(action, service="clickhouse", errors=_CLICKHOUSE, state=self._state)

    async def _database(self, action: Callable[[], Awaitable[T]]) -> T:
        return await until_done(action, service="database", errors=(UnavailableError,), state=self._state)
