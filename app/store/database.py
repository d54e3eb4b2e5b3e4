"""The relational store's engine and sessions, the same for SQLite and PostgreSQL."""

import asyncio
import random
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from app.errors import BadInputError, UnavailableError
from app.store import sqlite

CONNECT_TIMEOUT_SECONDS = 5
BUSY_TIMEOUT_MS = 10_000
"""How long a SQLite connection waits for another process's write before it gives up."""
SQLITE_CONNECTIONS = 32
"""Kept open, the one used last first. What goes beyond is opened and closed for one request, which takes longer than
the request."""

NOTE_TIMEOUT_MS = 200
"""How long it waits for what may as well be written later."""

_READ_ONLY = "heliograph_read_only"
_WAIT_MS = "heliograph_wait_ms"


def create_engine(url: str) -> AsyncEngine:
    """Make an engine for a `sqlite+aiosqlite://` or `postgresql+asyncpg://` URL; nothing is connected yet.

    SQLite: the folder of the file is made, WAL, foreign keys on, and a transaction takes the write lock at
    its start (`BEGIN IMMEDIATE`), because one that reads first and writes later fails at once under WAL if
    somebody else wrote in between, whatever the busy timeout. Who only reads begins none: each statement sees
    what is committed when it starts, which is what PostgreSQL does within a transaction too.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_async_engine(
            url,
            pool_pre_ping=True,
            pool_size=10,
            pool_timeout=CONNECT_TIMEOUT_SECONDS,
            connect_args={"timeout": CONNECT_TIMEOUT_SECONDS},
        )
        event.listen(engine.sync_engine, "connect", _prepare_postgresql)
        return engine
    pool: dict[str, Any] = {}
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        pool = {"pool_size": SQLITE_CONNECTIONS, "pool_use_lifo": True}
    engine = create_async_engine(url, module=sqlite.Driver(), connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, **pool)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    """Let ids be plain `uuid.UUID`, as from SQLite: asyncpg has a subclass, which orjson refuses to write."""
    connection.run_async(
        lambda driver: driver.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=UUID, format="text")
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_begin_sqlite` does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    _switch_to_wal(connection, cursor)
    for pragma in (
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",  # a salt that is over leaves no bytes in the file; not every SQLite does so by itself
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _switch_to_wal(connection: Any, cursor: Any) -> None:
    """Put a new file into WAL, where it stays; for a file that is in WAL already this takes no lock.

    While another connection writes to a file that is not in WAL yet, SQLite refuses the switch at once, whatever the
    busy timeout: waiting for a writer while holding a read lock could be a deadlock. So we do the waiting.
    """
    give_up_at = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up_at:
                raise
            connection.run_async(lambda _driver: asyncio.sleep(random.uniform(0.005, 0.05)))  # noqa: S311 - no secret
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_READ_ONLY, False):
        return
    if _WAIT_MS not in options:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={options[_WAIT_MS]}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


class Database:
    """Sessions on the relational store. One per process; `dispose()` when the process ends.

    Every method raises `UnavailableError` when the store is away, with the driver's exception as its cause.
    """

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        self._reading = self.engine.execution_options(**{_READ_ONLY: True})
        self._reading_sessions = async_sessionmaker(self._reading, expire_on_commit=False)
        noting = self.engine.execution_options(**{_WAIT_MS: NOTE_TIMEOUT_MS})
        self._noting_sessions = async_sessionmaker(noting, expire_on_commit=False)

    @property
    def is_sqlite(self) -> bool:
        """Tell whether this is SQLite, for the few statements that differ."""
        return self.engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Open a session in a transaction: committed at the end, rolled back when the body raises."""
        async with _translated(), self._sessions() as session, session.begin():
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Open a session that only reads: on SQLite it takes no lock, so it never waits for a writer.

        Each statement sees what is committed when it starts: two of them may see different states.
        """
        async with _translated(), self._reading_sessions() as session, session.begin():
            yield session

    @asynccontextmanager
    async def noting(self) -> AsyncIterator[AsyncSession]:
        """Open a session as `session` does, for what a request that only reads wants to note, such as a last use.

        On SQLite it waits for another writer only briefly: whoever asks catches `UnavailableError` and notes it later.
        """
        async with _translated(), self._noting_sessions() as session, session.begin():
            yield session

    async def ping(self) -> None:
        """Read something; raises `UnavailableError` if the store does not answer. On SQLite it takes no write lock."""
        something = "SELECT 1 FROM sqlite_master LIMIT 1" if self.is_sqlite else "SELECT 1"
        async with _translated(), self._reading.connect() as connection:
            await connection.exec_driver_sql(something)

    async def dispose(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    """Turn a driver's way of saying "away" into `UnavailableError`; everything else passes unchanged."""
    try:
        yield
    except IntegrityError:
        raise
    except (OperationalError, InterfaceError, DataError) as error:
        if _is_about_a_value(error):
            raise _unfit(error) from error
        raise UnavailableError(_why(error), service="database") from error
    except DBAPIError as error:
        if _is_about_a_value(error):
            raise _unfit(error) from error
        if error.connection_invalidated:
            raise UnavailableError(_why(error), service="database") from error
        raise
    except OverflowError as error:  # SQLite's driver, of a number above 64 bits
        raise _unfit(error) from error
    except (PoolTimeoutError, OSError, TimeoutError, sqlite3.OperationalError) as error:
        raise UnavailableError(
            f"The relational store cannot be reached ({type(error).__name__}); trying again later helps.",
            service="database",
        ) from error


def _is_about_a_value(error: DBAPIError) -> bool:
    """Tell whether the store is well and a value does not fit: SQLSTATE class 22, or asyncpg's own checks before it."""
    cause = error.orig.__cause__ if error.orig is not None else None
    state = getattr(error.orig, "sqlstate", None) or getattr(cause, "sqlstate", None) or ""
    return isinstance(error, DataError) or str(state).startswith("22") or isinstance(cause, ValueError)


def _unfit(error: Exception) -> BadInputError:
    """Say so without the statement and its parameters; which field it was, only the caller can tell."""
    kind = type(getattr(error, "orig", None) or error).__name__
    return BadInputError(
        f"A value is too large, or has a character that no text holds ({kind}); the relational store was not changed.",
        field="body",
    )


def _why(error: DBAPIError) -> str:
    """Say what the store answered, without the statement and its parameters, which may be personal."""
    said = str(error.orig).splitlines()[0] if error.orig is not None else type(error).__name__
    if "no such table" in said or "UndefinedTable" in said:
        return f"The relational store has no tables yet ({said}); run `heliograph migrate`."
    return f"The relational store cannot answer ({said}); trying again later helps."
