import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import CursorResult, delete, event, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from app.campaigns.models import Campaign
from app.errors import BadInputError, UnavailableError
from app.identity.models import Organisation, User
from app.store.database import BUSY_TIMEOUT_MS, Database
from app.store.models import MaintenanceHold


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = Database(sqlite_url)
    yield database
    await database.dispose()


async def test_a_time_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    riyadh = datetime(2026, 3, 1, 2, 30, tzinfo=timezone(timedelta(hours=3)))
    async with database.session() as session:
        session.add(MaintenanceHold(name="rebuild", owner="test", expires_at=riyadh))
    async with database.reading() as session:
        hold = await session.get_one(MaintenanceHold, "rebuild")
    assert hold.expires_at == riyadh
    assert hold.expires_at.tzinfo is UTC


async def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="no time zone"):
        async with database.session() as session:
            session.add(MaintenanceHold(name="x", owner="test", expires_at=datetime(2026, 3, 1)))


async def test_a_body_that_raises_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(RuntimeError, match="on the way"):
        async with database.session() as session:
            session.add(Organisation(name="half"))
            await session.flush()
            raise RuntimeError("on the way")
    async with database.reading() as session:
        assert (await session.scalars(select(Organisation))).all() == []


async def test_transactions_that_read_first_and_write_later_never_collide(database: Database) -> None:
    async with database.session() as session:
        session.add(Organisation(name="0"))

    async def count_up() -> None:
        async with database.session() as session:
            organisation = (await session.scalars(select(Organisation))).one()
            seen = int(organisation.name)
            await asyncio.sleep(0)
            organisation.name = str(seen + 1)

    await asyncio.gather(*(count_up() for _ in range(25)))
    async with database.reading() as session:
        assert (await session.scalars(select(Organisation.name))).one() == "25"


async def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    async with database.session() as writing:
        writing.add(Organisation(name="not yet committed"))
        await writing.flush()
        async with database.reading() as reading:
            assert (await reading.scalars(select(Organisation))).all() == []


async def test_a_reader_sees_in_each_statement_what_is_committed_by_then(database: Database) -> None:
    async with database.reading() as reading:
        assert (await reading.scalars(select(Organisation.name))).all() == []
        async with database.session() as writing:
            writing.add(Organisation(name="Acme"))
        assert (await reading.scalars(select(Organisation.name))).all() == ["Acme"]


async def test_what_a_statement_changed_and_returns_is_told(database: Database) -> None:
    async with database.session() as session:
        session.add_all(Organisation(name=name) for name in ("a", "b", "c"))
    async with database.session() as session:
        renamed = await session.execute(update(Organisation).where(Organisation.name != "a").values(name="z"))
        assert isinstance(renamed, CursorResult)
        assert renamed.rowcount == 2
        gone = await session.execute(delete(Organisation).where(Organisation.name == "z").returning(Organisation.name))
        assert gone.keys() == {"name"}
        assert gone.all() == [("z",), ("z",)]
    async with database.reading() as session:
        assert (await session.scalars(select(Organisation.name))).all() == ["a"]


async def test_rows_are_fetched_as_they_are_asked_for(database: Database) -> None:
    async with database.session() as session:
        session.add_all(Organisation(name=str(number)) for number in range(5))
    async with database.reading() as session:
        found = await session.execute(select(Organisation.name).order_by(Organisation.name))
        assert found.fetchone() == ("0",)
        assert found.fetchmany(2) == [("1",), ("2",)]
        assert found.all() == [("3",), ("4",)]


async def test_a_statement_that_fails_leaves_the_connection_usable(database: Database) -> None:
    with pytest.raises(UnavailableError, match="no such column"):
        async with database.reading() as session:
            await session.execute(text("SELECT unknown"))
    async with database.reading() as session:
        assert await session.scalar(text("SELECT 1")) == 1


@pytest.mark.parametrize("door", ["reading", "session"])
async def test_a_session_that_is_cancelled_leaves_no_transaction_behind(database: Database, door: str) -> None:
    entered = asyncio.Event()

    async def hold() -> None:
        async with getattr(database, door)() as session:
            await session.execute(select(Organisation))
            entered.set()
            await asyncio.sleep(60)

    holding = asyncio.create_task(hold())
    await entered.wait()
    holding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holding
    async with asyncio.timeout(5), database.session() as session:
        session.add(Organisation(name="after"))


async def test_foreign_keys_are_enforced(database: Database) -> None:
    from uuid import uuid4

    with pytest.raises(IntegrityError):
        async with database.session() as session:
            session.add(User(organisation_id=uuid4(), email="a@example.org", name="A"))


async def test_a_store_without_tables_says_what_to_run(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/empty.db")
    with pytest.raises(UnavailableError, match="heliograph migrate"):
        async with database.reading() as session:
            await session.scalars(select(Organisation))
    await database.dispose()


async def test_a_database_that_is_away_is_unavailable() -> None:
    database = Database("postgresql+asyncpg://nobody:nothing@127.0.0.1:1/none")
    with pytest.raises(UnavailableError):
        await database.ping()
    await database.dispose()


@pytest.mark.parametrize("value", [{"version": 2**70}, {"version": 2**40}, {"name": "a\0b"}])
async def test_a_value_that_no_column_holds_is_the_callers_and_not_an_outage(
    database_url: str, value: dict[str, Any]
) -> None:
    database = Database(database_url)
    is_sqlite, fits_sqlite = database.is_sqlite, value != {"version": 2**70}
    async with database.session() as session:
        session.add(Organisation(id=(made := uuid4()), name="Acme"))
    refused = contextlib.nullcontext() if is_sqlite and fits_sqlite else pytest.raises(BadInputError, match="value")
    with refused:
        async with database.session() as session:
            session.add(Campaign(organisation_id=made, **{"name": "x"} | value))
    await database.dispose()


async def test_a_new_file_is_opened_while_another_process_writes_its_first_table(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None)
    other.execute("CREATE TABLE first (id)")
    other.execute("BEGIN IMMEDIATE")  # in a file that is not in WAL yet: SQLite refuses the switch without waiting
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/new.db")
    opening = asyncio.create_task(database.ping())
    await asyncio.sleep(0.1)
    assert not opening.done()
    other.execute("COMMIT")
    await opening
    async with database.reading() as session:
        assert await session.scalar(text("PRAGMA journal_mode")) == "wal"
    other.close()
    await database.dispose()


async def test_twenty_who_read_at_once_leave_connections_for_the_next_twenty(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'many.db'}")
    opened = 0

    def count(*_: object) -> None:
        nonlocal opened
        opened += 1

    event.listen(database.engine.sync_engine, "connect", count)

    async def read(all_are_there: asyncio.Barrier) -> None:
        async with database.reading() as session:
            await session.scalar(text("SELECT 1"))
            await all_are_there.wait()

    for _ in range(2):
        barrier = asyncio.Barrier(20)
        await asyncio.gather(*(read(barrier) for _ in range(20)))
        assert opened == 20
    await database.dispose()


async def test_what_may_be_noted_later_waits_for_a_writer_only_briefly_and_others_wait_as_ever(
    database: Database,
) -> None:
    async with database.session() as writing:
        await writing.execute(text("SELECT 1"))  # takes the write lock
        with pytest.raises(UnavailableError, match="locked"):
            async with database.noting() as noting:
                noting.add(Organisation(name="noted"))
    async with database.noting() as noting:
        noting.add(Organisation(name="noted"))
        waits = (await noting.execute(text("PRAGMA busy_timeout"))).scalar_one()
    assert waits == BUSY_TIMEOUT_MS, "the connection goes back to the pool as it was"
    async with database.reading() as reading:
        assert (await reading.scalars(select(Organisation.name))).all() == ["noted"]
