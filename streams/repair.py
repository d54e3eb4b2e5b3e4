"""Repairs of blocks that can't be formed again: tried in the background until they are done, one partition at a time.

A repair exchanges whole months of the views. So it holds the store, and waits until no block of the present life of
the broker is open: such a block may have reached the log and not a view, and would be counted by the repair and again
when it is formed once more. Who owns that block has to go on meanwhile, in this worker too: nothing waits for a repair
but the frames of its own partition.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any

from app.errors import ConflictError, UnavailableError
from app.store.ledger import BlockLedger, LostPartitionError
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseError, ClickHouseQueryError, ClickHouseUnavailableError
from clickhouse.rebuild import repair_block
from streams.partitions import Owned, Partitions
from streams.retry import until_done
from streams.state import CLICKHOUSE, DATABASE, WorkerState
from streams.waits import Wait

log = logging.getLogger("heliograph.store")

FIRST_SECONDS, LONGEST_SECONDS = 0.5, 3.0
"""Between attempts; readiness has to be green within 5 s after what was in the way has ended."""


class Repairs:
    """Repairs what `begin` is told of. Ends by itself for a partition that this worker no longer owns."""

    def __init__(
        self,
        partitions: Partitions[Any],
        *,
        topic: str,
        clickhouse: ClickHouse,
        ledger: BlockLedger,
        state: WorkerState,
        hold: Callable[[], AbstractAsyncContextManager[None]],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
        go_on: Callable[[Owned[Any]], Awaitable[None]],
        leave: Callable[[Owned[Any], LostPartitionError], None],
    ) -> None:
        self._partitions, self._topic = partitions, topic
        self._clickhouse, self._ledger, self._state = clickhouse, ledger, state
        self._hold, self._spawn, self._go_on, self._leave = hold, spawn, go_on, leave
        self._one_at_a_time = asyncio.Lock()

    def begin(self, owned: Owned[Any]) -> None:
        """Repair the partition's block in the background, then `go_on` with the frames that came meanwhile."""
        if not owned.is_in_repair:
            owned.is_in_repair = True
            self._spawn(self._repair(owned))

    async def _repair(self, owned: Owned[Any]) -> None:
        token = owned.blocks.entry.token
        log.warning("block %s cannot be formed again; the views are remade from the log", token)
        try:
            with self._state.waits.on(f"repair of {self._topic}[{owned.partition}]", "it is under way") as wait:
                await self._until_repaired(owned, wait)
        except LostPartitionError as error:
            self._leave(owned, error)
            return
        finally:
            owned.is_in_repair = False
        if self._partitions.holds(owned):
            await self._go_on(owned)

    async def _until_repaired(self, owned: Owned[Any], wait: Wait) -> None:
        pause = FIRST_SECONDS
        while self._partitions.holds(owned) and owned.blocks.is_broken_off:
            try:
                async with self._one_at_a_time, self._hold():
                    await self._repair_held(owned)
            except (ConflictError, UnavailableError, ClickHouseError) as error:
                wait.why = str(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_SECONDS)

    async def _repair_held(self, owned: Owned[Any]) -> None:
        """Repair while the store is held.

        The hold may only end when none of the repair's statements runs any more: one that exchanges a month
        would take away what was inserted after the hold. While ClickHouse is away nobody can store anything anyway.
        """
        if not self._partitions.holds(owned):
            return
        entry = owned.blocks.entry
        statements = f"repair:{self._topic}:{owned.partition}:"
        try:
            await repair_block(self._clickhouse.naming(statements), entry.token)
        except BaseException:
            await until_done(
                lambda: self._clickhouse.kill(statements),
                service=CLICKHOUSE,
                errors=(ClickHouseUnavailableError, ClickHouseQueryError),
                state=self._state,
            )
            raise
        owned.blocks.entry = await until_done(
            lambda: self._ledger.done(entry), service=DATABASE, errors=(UnavailableError,), state=self._state
        )
        self._state.repaired_blocks += 1
