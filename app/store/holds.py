"""Holding the store for maintenance of ClickHouse: while it is held, no block is begun and none is under way."""

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
from app.store.models import BlockLedgerEntry, MaintenanceHold
from clickhouse.tasks import end

NAME = "clickhouse"
"""There is one hold: whoever maintains ClickHouse excludes everybody else who does."""
LIFETIME = timedelta(seconds=30)
"""A hold whose process was killed ends by itself after this."""
_RENEW_SECONDS = 5.0
_LOOK_SECONDS = 0.1


@asynccontextmanager
async def hold_store(
    database: Database, *, wait_seconds: float = 60.0, only_life: str | None = None
) -> AsyncIterator[None]:
    """Hold the store for the body; it is let go at the end, and by itself if this process dies.

    Enters when no block is open any more. With `only_life` (the broker's present cluster id), open blocks of
    earlier lives are not waited for: nobody can finish them but the repair that asks for this hold.
    Raises `ConflictError` if somebody else holds it, or a block stays open, for longer than `wait_seconds`. If the
    hold is lost meanwhile (the relational store was away for too long), the body ends with `UnavailableError`.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait_seconds
    while not await _take(database, owner):
        if loop.time() > deadline:
            raise ConflictError("ClickHouse is under maintenance by another process; try again when it has ended.")
        await asyncio.sleep(_LOOK_SECONDS)
    body = asyncio.current_task()
    assert body is not None  # a coroutine always runs in a task
    lost: list[UnavailableError] = []
    renewing = asyncio.create_task(_renew(database, owner, body, lost))
    try:
        await _until_nothing_is_open(database, deadline, only_life)
        yield
    except asyncio.CancelledError:
        if lost:
            body.uncancel()
            raise lost[0] from None
        raise
    finally:
        await end(renewing)
        with suppress(UnavailableError):  # it ends by itself
            async with database.session() as session:
                await session.execute(delete(MaintenanceHold).filter_by(name=NAME, owner=owner))


async def _take(database: Database, owner: str) -> bool:
    try:
        async with database.session() as session:
            now = utc_now()
            await session.execute(
                delete(MaintenanceHold).where(MaintenanceHold.name == NAME, MaintenanceHold.expires_at <= now)
            )
            session.add(MaintenanceHold(name=NAME, owner=owner, expires_at=now + LIFETIME))
    except IntegrityError:
        return False
    return True


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


async def _renew(database: Database, owner: str, body: "asyncio.Task[object]", lost: list[UnavailableError]) -> None:
    """Renew the hold; when that has failed for most of its lifetime, end the body before the hold ends by itself."""
    loop = asyncio.get_running_loop()
    renewed_at = loop.time()
    while True:
        await asyncio.sleep(_RENEW_SECONDS)
        with suppress(UnavailableError):
            async with database.session() as session:
                result = await session.execute(
                    update(MaintenanceHold)
                    .where(
                        MaintenanceHold.name == NAME,
                        MaintenanceHold.owner == owner,
                        MaintenanceHold.expires_at > utc_now(),
                    )
                    .values(expires_at=utc_now() + LIFETIME)
                )
            if result.rowcount == 1:  # type: ignore[attr-defined]
                renewed_at = loop.time()
                continue
            renewed_at = float("-inf")
        if loop.time() - renewed_at > LIFETIME.total_seconds() * 0.6:
            lost.append(
                UnavailableError("The hold on the store was lost; what was under way has been stopped. Run it again.")
            )
            body.cancel()
            return
