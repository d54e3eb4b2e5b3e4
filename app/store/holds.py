"""Maintaining ClickHouse: one at a time, and with the store held where nothing may be inserted meanwhile."""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from app.errors import ConflictError, UnavailableError
from app.store.base import utc_now
from app.store.database import Database
from app.store.models import MAINTENANCE, STORE, BlockLedgerEntry, MaintenanceHold
from clickhouse.tasks import end

LIFETIME = timedelta(seconds=30)
"""A hold whose process was killed ends by itself after this."""
_RENEW_SECONDS = 5.0
_TAKE_SECONDS = 0.1
_LOOK_SECONDS = 0.02
"""How often it is looked whether blocks are open: the store stands still meanwhile."""


class Maintenance:
    """The right to maintain ClickHouse, for as long as the body of `maintenance` runs."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._names: set[str] = set()

    @asynccontextmanager
    async def holding_store(self, *, wait_seconds: float = 60.0, only_life: str | None = None) -> AsyncIterator[None]:
        """Hold the store too for the body; enters when no block is open any more.

        With `only_life` (the broker's present cluster id), open blocks of earlier lives are not waited for: nobody
        can finish them but the repair that asks for this. Raises `ConflictError` if a block stays open for too long.
        """
        deadline = asyncio.get_running_loop().time() + wait_seconds
        async with self._having(STORE, deadline):
            await _until_nothing_is_open(self._database, deadline, only_life)
            yield

    @asynccontextmanager
    async def _having(self, name: str, deadline: float) -> AsyncIterator[None]:
        while not await self._take(name):
            if asyncio.get_running_loop().time() > deadline:
                raise ConflictError("ClickHouse is under maintenance by another process; try again when it has ended.")
            await asyncio.sleep(_TAKE_SECONDS)
        self._names.add(name)
        try:
            yield
        finally:
            self._names.discard(name)
            with suppress(UnavailableError):  # it ends by itself
                async with self._database.session() as session:
                    await session.execute(delete(MaintenanceHold).filter_by(name=name, owner=self._owner))

    async def _take(self, name: str) -> bool:
        try:
            async with self._database.session() as session:
                now = utc_now()
                await session.execute(
                    delete(MaintenanceHold).where(MaintenanceHold.name == name, MaintenanceHold.expires_at <= now)
                )
                session.add(MaintenanceHold(name=name, owner=self._owner, expires_at=now + LIFETIME))
        except IntegrityError:
            return False
        return True

    async def _renew(self, body: "asyncio.Task[object]", lost: list[UnavailableError]) -> None:
        """Renew what is had; when that has failed for most of its lifetime, end the body before it ends by itself."""
        loop = asyncio.get_running_loop()
        renewed_at = loop.time()
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            with suppress(UnavailableError):
                had = len(self._names)
                async with self._database.session() as session:
                    result = await session.execute(
                        update(MaintenanceHold)
                        .where(MaintenanceHold.owner == self._owner, MaintenanceHold.expires_at > utc_now())
                        .values(expires_at=utc_now() + LIFETIME)
                    )
                # one may have been taken or let go while this was written; what is lost, the next time tells as well
                if result.rowcount >= min(had, len(self._names)):  # type: ignore[attr-defined]
                    renewed_at = loop.time()
                    continue
                renewed_at = float("-inf")
            if loop.time() - renewed_at > LIFETIME.total_seconds() * 0.6:
                lost.append(
                    UnavailableError(
                        "The hold on the store was lost; what was under way has been stopped. Run it again."
                    )
                )
                body.cancel()
                return


@asynccontextmanager
async def maintenance(database: Database, *, wait_seconds: float = 60.0) -> AsyncIterator[Maintenance]:
    """Maintain ClickHouse in the body, alone, while the store goes on; ends by itself if this process dies.

    Raises `ConflictError` if somebody else does for longer than `wait_seconds`. If the right is lost meanwhile (the
    relational store was away for too long), the body ends with `UnavailableError`.
    """
    mine = Maintenance(database)
    body = asyncio.current_task()
    assert body is not None  # a coroutine always runs in a task
    lost: list[UnavailableError] = []
    async with mine._having(MAINTENANCE, asyncio.get_running_loop().time() + wait_seconds):
        renewing = asyncio.create_task(mine._renew(body, lost))
        try:
            yield mine
        except asyncio.CancelledError:
            if lost:
                body.uncancel()
                raise lost[0] from None
            raise
        finally:
            await end(renewing)


@asynccontextmanager
async def hold_store(
    database: Database, *, wait_seconds: float = 60.0, only_life: str | None = None
) -> AsyncIterator[None]:
    """Maintain ClickHouse in the body with the store held all the while: `maintenance` and `holding_store` at once."""
    started = asyncio.get_running_loop().time()
    async with maintenance(database, wait_seconds=wait_seconds) as mine:
        left = started + wait_seconds - asyncio.get_running_loop().time()
        async with mine.holding_store(wait_seconds=max(0.0, left), only_life=only_life):
            yield


async def _until_nothing_is_open(database: Database, deadline: float, only_life: str | None) -> None:
    while True:
        async with database.reading() as session:
            query = select(func.count()).select_from(BlockLedgerEntry).where(BlockLedgerEntry.state == "open")
            if only_life is not None:
                query = query.where(BlockLedgerEntry.life == only_life)
            open_blocks = await session.scalar(query)
        if not open_blocks:
            return
        if asyncio.get_running_loop().time() > deadline:
            raise ConflictError(
                f"{open_blocks} blocks are still being stored. If a worker is running, it will finish them: try again; "
                "if none is, start one (`heliograph worker`) so that it completes or repairs them."
            )
        await asyncio.sleep(_LOOK_SECONDS)
