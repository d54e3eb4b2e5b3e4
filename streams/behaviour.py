"""The worker's timer of the rules that look across hits: what they find becomes later events, which correct."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from app.errors import AppError
from app.store.database import Database
from app.store.watermarks import Lease, forget, lease, noted
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseError
from clickhouse.known_ids import find_known_ids
from schemas.events import EVENTS, VisitorReclassified
from schemas.frame import MAX_EVENTS, OURSELVES, Origin, encode
from streams.spans import LATE_HOUR, Span, hour_of, spans
from streams.state import WorkerState
from streams.visitors import Thresholds, find_visitors

log = logging.getLogger("heliograph.behaviour")

JOB = "behaviour"
LEASE = timedelta(minutes=1)
"""A worker that was killed while it looked is replaced after this; one that is at work renews it for each span."""
PARTITION = 0
"""Findings are few. On one partition two workers that find the same meet one owner, which stores it once (ADR 0002)."""
STORED_SECONDS = 30.0
"""How long a finding may take into the log before the look gives up; the next one finds it again."""
HOURS_AT_ONCE = 200
"""Hours to which something came late that one look goes through: what is new must not wait for months of history."""
_LOOK_SECONDS = 0.2


class BrokenOffLookError(Exception):
    """A look was not made to its end; the next one begins where this one did."""


class BehaviourJudge:
    """Looks across hits now and then. One worker at a time does, and a look that was broken off is made again.

    Ingest never waits for it: it reads what is stored, and what it finds goes the way of every event. The watermark
    moves only when all that was found is in the log, so nothing is lost with the broker's memory.
    """

    def __init__(
        self,
        database: Database,
        clickhouse: Callable[[], Awaitable[ClickHouse]],
        send_clean: Callable[[Sequence[tuple[int, bytes]]], Awaitable[None]],
        *,
        owner: str,
        thresholds: Thresholds,
        state: WorkerState,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database, self._clickhouse, self._send_clean = database, clickhouse, send_clean
        self._owner, self._thresholds, self._state, self._clock = owner, thresholds, state, clock

    async def run(self, interval_seconds: float) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(interval_seconds)
            await self.look()

    async def look(self) -> bool:
        """Judge what is new; tell whether that was done to its end. What is in the way is left for the next look."""
        started = time.monotonic()
        try:
            taken = await self._take()
            if taken is None:
                return False
            done_until = since = taken.done_until or self._clock()
            try:
                done_until = await self._judge_recent(since)
                await self._judge_late()
            finally:
                await taken.give_back(done_until=done_until)
        except (AppError, ClickHouseError, BrokenOffLookError) as error:
            log.warning("the look across hits has to wait: %s", error)
            return False
        self._state.behaviour_runs += 1
        self._state.behaviour_seconds = time.monotonic() - started
        return True

    async def _judge_recent(self, since: datetime) -> datetime:
        """Judge everything since the watermark; return the new one."""
        now = self._clock()
        for span in spans(since, now):
            await self._judge_span(span)
        return now

    async def _judge_late(self) -> None:
        """Judge hours to which something came late, the oldest first; what is too much for one look stays noted."""
        notes = await noted(self._database, LATE_HOUR)
        for name in sorted(notes)[:HOURS_AT_ONCE]:
            await self._judge_span(hour_of(name))
            await forget(self._database, {name: notes[name]})

    async def _judge_span(self, span: Span) -> None:
        clickhouse = await self._clickhouse()
        found = [event async for event in find_visitors(clickhouse, span, self._thresholds, now=self._clock())]
        if found:
            await self._store(clickhouse, found)
        if await self._take() is None:
            raise BrokenOffLookError("it took so long that another worker has taken over")

    async def _take(self) -> Lease | None:
        return await lease(self._database, JOB, owner=self._owner, lifetime=LEASE)

    async def _store(self, clickhouse: ClickHouse, found: Sequence[VisitorReclassified]) -> None:
        """Send findings on their way and wait until the log has them."""
        await self._send_clean(
            [(PARTITION, _frame(found[start : start + MAX_EVENTS])) for start in range(0, len(found), MAX_EVENTS)]
        )
        ids = {event.id for event in found}
        deadline = time.monotonic() + STORED_SECONDS
        while ids - await find_known_ids(clickhouse, ids, block=""):
            if time.monotonic() > deadline:
                raise BrokenOffLookError(f"{len(ids)} corrections were sent and are not stored yet")
            await asyncio.sleep(_LOOK_SECONDS)
        for event in found:
            self._state.reclassified[event.rule] = self._state.reclassified.get(event.rule, 0) + 1
        log.info("%d visitors were no persons: %s", len(found), ", ".join(sorted({event.rule for event in found})))


def _frame(events: Sequence[VisitorReclassified]) -> bytes:
    return encode(Origin(OURSELVES, 0, 0, 0), len(events), EVENTS.encode_lines(events))
