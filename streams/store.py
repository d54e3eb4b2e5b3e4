"""Stores clean frames exactly once: ledger, known ids, insert, then acknowledgement, receipt and announcement."""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, TypeVar

from app.errors import UnavailableError
from app.store.ledger import BlockLedger, Entry, LostPartitionError
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseQueryError, ClickHouseUnavailableError
from clickhouse.known_ids import find_known_ids
from schemas.events import SignatureOpened, VisitorReclassified
from schemas.frame import OURSELVES, Frame
from schemas.receipts import Range, merge
from streams.blocks import Block, PartitionBlocks
from streams.partitions import Owned, Partitions
from streams.repair import Repairs
from streams.retry import until_done
from streams.rows import Rows
from streams.state import CLICKHOUSE, DATABASE, WorkerState
from streams.waits import ANSWER_SECONDS

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
    """The store of one worker. `handle` returns when its frames are stored, wait for the rest of their block, or for a
    repair of their partition.

    `spawn` runs a repair beside it; `pause` and `resume` say of which partitions no more frames are wanted meanwhile.
    """

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
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        pause: Callable[[int], None] = lambda _partition: None,
        resume: Callable[[int], None] = lambda _partition: None,
    ) -> None:
        self._topic, self._life = topic, life
        self._clickhouse, self._ledger, self._state = clickhouse, ledger, state
        self._max_block_events = max_block_events
        self._send_receipt, self._announce, self._note_late = send_receipt, announce, note_late
        self._pause, self._resume = pause, resume
        self._partitions: Partitions[Stored] = Partitions(self._take)
        self._repairs = Repairs(
            self._partitions,
            topic=topic,
            clickhouse=clickhouse,
            ledger=ledger,
            state=state,
            hold=hold,
            spawn=spawn,
            go_on=self._go_on,
            leave=self._leave,
        )

    # -- ownership ---------------------------------------------------------------------------------------

    def assign(self, partitions: Iterable[int]) -> None:
        """Own these and no others: the group is rebalanced, frames that were not acknowledged come again."""
        self._partitions.assign(partitions)
        self._state.lost_partitions.clear()

    async def claim(self, partition: int) -> None:
        """Become the owner of a partition: fence the one before, end what it left running.

        A block it broke off that can't be formed again is repaired in the background. Raises `LostPartitionError` for
        a partition that is not ours.
        """
        self._repair_if_broken_off(await self._partitions.claim(partition))

    async def _take(self, partition: int) -> PartitionBlocks[Stored]:
        async def fence() -> Entry:
            self._partitions.check(partition)  # at each attempt: whoever is revoked meanwhile must not fence the next
            return await self._ledger.claim(self._topic, partition)

        entry = await self._database(fence)
        await self._log(lambda: self._clickhouse.kill(self._query_prefix(partition)))
        return PartitionBlocks(self._life, entry)

    def _repair_if_broken_off(self, owned: Owned[Stored]) -> bool:
        """Begin the repair; what comes meanwhile waits in memory, so no more than is on its way may come."""
        if owned.blocks.is_broken_off:
            self._pause(owned.partition)
            self._repairs.begin(owned)
        return owned.blocks.is_broken_off

    async def _go_on(self, owned: Owned[Stored]) -> None:
        """Store what waited for the repair, and let more come."""
        try:
            async with owned.lock:
                await self._store_waiting(owned)
        except LostPartitionError as error:
            self._leave(owned, error)
        if self._partitions.holds(owned) and not owned.blocks.is_broken_off:
            self._resume(owned.partition)

    def _leave(self, owned: Owned[Stored], error: LostPartitionError) -> None:
        log.warning("%s; its frames are left to the new owner", error)
        if self._partitions.holds(owned):
            self._state.lost_partitions.add(f"{self._topic}[{owned.partition}]")
        owned.is_lost = True

    # -- storing -----------------------------------------------------------------------------------------

    async def handle(self, arrived: Iterable[tuple[int, Stored]]) -> None:
        """Store frames, given with their partitions. Ends without acknowledging what another worker has claimed."""
        by_partition: dict[int, list[Stored]] = {}
        for partition, stored in arrived:
            by_partition.setdefault(partition, []).append(stored)
        for partition, frames in by_partition.items():
            try:
                owned = await self._partitions.claim(partition)
            except LostPartitionError as error:
                log.debug("%s; its frames are left to the owner", error)
                continue
            try:
                async with owned.lock:
                    await self._handle_partition(owned, frames)
            except LostPartitionError as error:
                self._leave(owned, error)

    async def _handle_partition(self, owned: Owned[Stored], frames: Sequence[Stored]) -> None:
        blocks = owned.blocks
        known = [stored for stored in frames if not blocks.offer(stored.offset, stored, stored.frame.count)]
        await self._acknowledge(known)
        await self._store_waiting(owned)

    async def _store_waiting(self, owned: Owned[Stored]) -> None:
        """Store all blocks that the frames at hand make; called with the partition's lock."""
        blocks = owned.blocks
        if blocks.missed():
            blocks.entry = await self._database(lambda: self._ledger.give_up(blocks.entry))
        if self._repair_if_broken_off(owned):
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
            await self._insert(entry, block.token, fresh)
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
            with self._state.waits.on("the store") as wait:
                while await self._database(self._ledger.is_held):
                    if self._state.waits.seconds(wait) > ANSWER_SECONDS:  # it is rarely held for more than a moment
                        wait.why = "ClickHouse is being maintained (rebuild, replay, migrate or a repair)"
                    await asyncio.sleep(_HOLD_SECONDS)

    async def _insert(self, entry: Entry, token: str, rows: Rows) -> None:
        """Insert the block's rows, trying again for as long as the partition is ours.

        Whoever has fenced us has ended this insert too, and forms or repairs the block: sent once more it would be
        counted again if that was a repair, or so long ago that ClickHouse has forgotten the token.
        """
        tables = (
            ("events", len(rows.opened), rows.event_columns),
            ("drops", len(rows.dropped), rows.drop_columns),
            ("reclassifications", len(rows.reclassified), rows.reclassification_columns),
        )
        for table, count, columns in tables:
            if not count:
                continue
            data = columns(token)
            attempts = itertools.count()

            async def attempt(
                table: str = table, data: Mapping[str, Sequence[Any]] = data, attempts: Iterator[int] = attempts
            ) -> None:
                number = next(attempts)
                await self._database(lambda: self._ledger.confirm(entry))  # known ids may have been asked for minutes
                await self._clickhouse.insert(
                    table,
                    data,
                    query_id=f"{self._query_prefix(entry.partition)}{token}:{table}:{number}",
                    token=f"{token}:{table}",
                )

            await self._log(attempt)

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
        return await until_done(action, service=CLICKHOUSE, errors=_CLICKHOUSE, state=self._state)

    async def _database(self, action: Callable[[], Awaitable[T]]) -> T:
        return await until_done(action, service=DATABASE, errors=(UnavailableError,), state=self._state)
