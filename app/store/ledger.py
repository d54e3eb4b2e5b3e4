"""The ledger of blocks: what the store is about to insert from a partition, written down before it does.

Offsets mean something only within one life of the broker, so every entry names the life (cluster id). Owners are
fenced by an epoch: who claims a partition raises it, and every write of an earlier owner changes nothing.
"""

from dataclasses import dataclass, replace

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.store.base import utc_now
from app.store.database import Database
from app.store.models import STORE, BlockLedgerEntry, MaintenanceHold


class LostPartitionError(Exception):
    """Somebody else has claimed the partition; whatever was under way must be left to them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The newest block of a partition, as its present owner knows it."""

    topic: str
    partition: int
    epoch: int
    life: str = ""
    first_offset: int = -1
    last_offset: int = -1
    token: str = ""
    is_open: bool = False


class BlockLedger:
    """Reads and writes entries for one owner. Raises `UnavailableError` when the relational store is away."""

    def __init__(self, database: Database, *, owner: str) -> None:
        self._database, self._owner = database, owner

    async def claim(self, topic: str, partition: int) -> Entry:
        """Become the owner of a partition, fencing the one before, and return its newest block."""
        key = {"topic": topic, "partition": partition}
        try:
            async with self._database.session() as session:
                if await session.get(BlockLedgerEntry, (topic, partition)) is None:
                    session.add(BlockLedgerEntry(**key, epoch=0, state="done"))
        except IntegrityError:
            pass  # another worker made the row in the same moment
        async with self._database.session() as session:
            row = (
                await session.scalars(
                    update(BlockLedgerEntry)
                    .filter_by(**key)
                    .values(epoch=BlockLedgerEntry.epoch + 1, owner=self._owner)
                    .returning(BlockLedgerEntry)
                )
            ).one()
            return Entry(
                topic,
                partition,
                row.epoch,
                row.life,
                -1 if row.first_offset is None else row.first_offset,
                -1 if row.last_offset is None else row.last_offset,
                row.token or "",
                row.state == "open",
            )

    async def open(self, entry: Entry, *, life: str, first_offset: int, last_offset: int, token: str) -> Entry:
        """Write down the next block. Raises `LostPartitionError` when the partition has another owner."""
        opened = replace(
            entry, life=life, first_offset=first_offset, last_offset=last_offset, token=token, is_open=True
        )
        await self._write(
            entry,
            life=life,
            first_offset=first_offset,
            last_offset=last_offset,
            token=token,
            state="open",
            opened_at=utc_now(),
        )
        return opened

    async def withdraw(self, opened: Entry, previous: Entry) -> Entry:
        """Take back a block that was opened but of which nothing was inserted."""
        await self._write(
            opened,
            life=previous.life,
            first_offset=previous.first_offset,
            last_offset=previous.last_offset,
            token=previous.token,
            state="done",
        )
        return previous

    async def done(self, entry: Entry) -> Entry:
        """Note that the block is in ClickHouse. Raises `LostPartitionError` when the partition has another owner."""
        await self._write(entry, state="done")
        return replace(entry, is_open=False)

    async def give_up(self, entry: Entry) -> Entry:
        """Note that an open block can't be formed again: it belongs to no life any more, and waits for its repair."""
        await self._write(entry, life="")
        return replace(entry, life="")

    async def confirm(self, entry: Entry) -> None:
        """Raise `LostPartitionError` when the partition has another owner."""
        async with self._database.reading() as session:
            row = await session.get(BlockLedgerEntry, (entry.topic, entry.partition))
        if row is None or row.epoch != entry.epoch:
            raise _lost(entry)

    async def is_held(self) -> bool:
        """Tell whether maintenance asks the store to begin no new block."""
        async with self._database.reading() as session:
            live = await session.scalar(
                select(func.count())
                .select_from(MaintenanceHold)
                .where(MaintenanceHold.name == STORE, MaintenanceHold.expires_at > utc_now())
            )
            return bool(live)

    async def _write(self, entry: Entry, **values: object) -> None:
        async with self._database.session() as session:
            written = await session.scalars(
                update(BlockLedgerEntry)
                .filter_by(topic=entry.topic, partition=entry.partition, epoch=entry.epoch)
                .values(**values)
                .returning(BlockLedgerEntry.epoch)
            )
            is_ours = written.one_or_none() is not None
        if not is_ours:
            raise _lost(entry)


def _lost(entry: Entry) -> LostPartitionError:
    return LostPartitionError(f"{entry.topic}[{entry.partition}] has been claimed by another worker")
