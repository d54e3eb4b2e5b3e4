"""Relational tables that belong to the path itself: day salts, the ledger of blocks, maintenance holds."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.store.base import Base, utc_now


class Salt(Base):
    """The secret of one UTC day under which visitors are hashed; destroyed when the day is over."""

    __tablename__ = "salts"

    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class BlockLedgerEntry(Base):
    """What the store was about to insert from one partition, written down before the insert, so that the same
    block can be formed again after a crash. `epoch` fences owners: an older epoch changes nothing."""

    __tablename__ = "block_ledger"
    __table_args__ = (CheckConstraint("state IN ('open', 'done')", name="state"),)

    topic: Mapped[str] = mapped_column(String(128), primary_key=True)
    partition: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column(BigInteger, default=0)
    owner: Mapped[str] = mapped_column(String(128), default="")
    life: Mapped[str] = mapped_column(String(128), default="")
    """Cluster id of the broker: offsets mean something only within one life."""
    first_offset: Mapped[int | None] = mapped_column(BigInteger)
    last_offset: Mapped[int | None] = mapped_column(BigInteger)
    token: Mapped[str | None] = mapped_column(String(255))
    """`insert_deduplication_token` of the block."""
    state: Mapped[str] = mapped_column(String(8), default="done")
    opened_at: Mapped[datetime | None]


MAINTENANCE, STORE = "clickhouse", "store"
"""Names of holds: who maintains ClickHouse, and who keeps the store from inserting."""


class MaintenanceHold(Base):
    """Somebody maintains ClickHouse for as long as its row lives (`expires_at` in the future), and nobody else does;
    while the store's lives, the store inserts no block."""

    __tablename__ = "maintenance_holds"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    owner: Mapped[str] = mapped_column(String(128))
    expires_at: Mapped[datetime]


class Watermark(Base):
    """Up to which moment a periodic job has done its work; `owner` and `expires_at` lease it to one process."""

    __tablename__ = "watermarks"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    done_until: Mapped[datetime | None]
    owner: Mapped[str | None] = mapped_column(String(128))
    expires_at: Mapped[datetime | None]
