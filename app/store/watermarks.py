"""Periodic jobs that one process at a time does, and up to which moment they are done.

A lease that is not given back, because its process was killed, ends by itself. Raises `UnavailableError` when the
relational store is away.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from app.store.base import utc_now
from app.store.database import Database
from app.store.models import Watermark

_NAMES_AT_ONCE = 5_000
"""SQLite binds 32,766 values in one statement."""


class Lease:
    """A job in the hands of this process; `done_until` is where the one before has left it."""

    def __init__(self, database: Database, name: str, owner: str, done_until: datetime | None) -> None:
        self._database, self._name, self._owner = database, name, owner
        self.done_until = done_until

    async def give_back(self, *, done_until: datetime | None = None) -> None:
        """Let others have it; `done_until` moves the watermark. Does nothing if the lease has ended meanwhile."""
        values: dict[str, object] = {"owner": None, "expires_at": None}
        if done_until is not None:
            values["done_until"] = done_until
        async with self._database.session() as session:
            await session.execute(
                update(Watermark).where(Watermark.name == self._name, Watermark.owner == self._owner).values(**values)
            )


async def lease(database: Database, name: str, *, owner: str, lifetime: timedelta) -> Lease | None:
    """Take a job, or None while another process has it. `owner` must be this process's alone."""
    await _make(database, name)
    async with database.session() as session:
        now = utc_now()
        taken = (
            await session.scalars(
                update(Watermark)
                .where(
                    Watermark.name == name,
                    or_(Watermark.owner.is_(None), Watermark.owner == owner, Watermark.expires_at <= now),
                )
                .values(owner=owner, expires_at=now + lifetime)
                .returning(Watermark)
            )
        ).one_or_none()
        return None if taken is None else Lease(database, name, owner, taken.done_until)


async def note(database: Database, names: Iterable[str]) -> None:
    """Write down that something has to be done, once for each name; written again, it has to be done again."""
    ordered = sorted(set(names))  # two who write the same names in another order would wait for each other
    async with database.session() as session:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        for start in range(0, len(ordered), _NAMES_AT_ONCE):
            rows = [{"name": name, "done_until": utc_now()} for name in ordered[start : start + _NAMES_AT_ONCE]]
            given = insert(Watermark).values(rows)
            await session.execute(
                given.on_conflict_do_update(
                    index_elements=[Watermark.name], set_={"done_until": given.excluded.done_until}
                )
            )


async def noted(database: Database, prefix: str) -> dict[str, datetime]:
    """Return what was written down under names that begin so, with the moment at which it was written last."""
    async with database.reading() as session:
        rows = await session.scalars(
            select(Watermark).where(
                Watermark.name.startswith(prefix, autoescape=True), Watermark.done_until.is_not(None)
            )
        )
        return {row.name: row.done_until for row in rows if row.done_until is not None}


async def forget(database: Database, notes: dict[str, datetime]) -> None:
    """Cross out what is done, unless it was written down again since it was read."""
    async with database.session() as session:
        for name, noted_at in notes.items():
            await session.execute(delete(Watermark).where(Watermark.name == name, Watermark.done_until == noted_at))


async def _make(database: Database, name: str) -> None:
    async with database.reading() as session:
        if await session.get(Watermark, name) is not None:
            return
    try:
        async with database.session() as session:
            session.add(Watermark(name=name))
    except IntegrityError:
        pass  # somebody else made it in the same moment
