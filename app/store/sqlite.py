"""SQLite's driver with one trip to the connection's thread for each statement, and none where nothing is to be done.

SQLAlchemy's own makes a cursor, executes, fetches and closes it, and commits what only read: nine trips for one row.
Each wakes a thread and then the event loop, which takes longer than SQLite does.
"""

import sqlite3
from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util import await_only


class _Answer(NamedTuple):
    """What a cursor says after a statement, with all of its rows."""

    description: Any
    rowcount: int
    lastrowid: int | None
    rows: Sequence[Any]


def _answer(connection: sqlite3.Connection, is_many: bool, statement: str, parameters: Any) -> _Answer:
    """Run in the connection's thread."""
    cursor = connection.cursor()
    try:
        if is_many:
            cursor.executemany(statement, parameters)
        else:
            cursor.execute(statement, parameters)
        rows = cursor.fetchall() if cursor.description else ()
        return _Answer(cursor.description, cursor.rowcount, cursor.lastrowid, rows)
    finally:
        cursor.close()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """Holds all rows of a statement once it is executed; there is nothing to close."""

    __slots__ = ("_answer", "arraysize")

    def __init__(self, connection: AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = connection
        self._connection = connection._connection
        self._answer = _Answer(None, -1, None, ())
        self._rows = deque()
        self.arraysize = 1

    @property
    def description(self) -> Any:
        """The columns of the answer; None for a statement without rows."""
        return self._answer.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed, as sqlite3 says it."""
        return self._answer.rowcount

    @property
    def lastrowid(self) -> Any:
        """The row inserted last, as sqlite3 says it."""
        return self._answer.lastrowid

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        """Execute and fetch."""
        return self._ask(False, operation, () if parameters is None else parameters)

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        """Execute once for each set of parameters."""
        return self._ask(True, operation, seq_of_parameters)

    def _ask(self, is_many: bool, operation: str, parameters: Any) -> None:
        driver: Any = self._connection
        try:
            self._answer = await_only(driver._execute(_answer, driver._conn, is_many, operation, parameters))
        except Exception as error:  # translated as SQLAlchemy does it
            self._adapt_connection._handle_exception(error)
        self._rows = deque(self._answer.rows)

    async def _async_soft_close(self) -> None:
        pass

    def close(self) -> None:
        """Let go of rows that nobody fetched."""
        self._rows.clear()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()

    _cursor_cls = _Cursor  # type: ignore[assignment]  # SQLAlchemy leaves the type to be inferred from its own

    def commit(self) -> None:
        """Commit what was begun; outside of a transaction there is nothing to commit."""
        if self._is_in_transaction:
            super().commit()

    def rollback(self) -> None:
        """Roll back what was begun."""
        if self._is_in_transaction:
            super().rollback()

    @property
    def _is_in_transaction(self) -> bool:
        driver: Any = self._connection
        return driver._connection is None or driver.in_transaction  # closed: the driver says so itself


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """What `create_async_engine` takes as its `module`."""

    def __init__(self) -> None:
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *args: Any, **options: Any) -> _Connection:
        """Open a connection with a thread of its own."""
        made = super().connect(*args, **options)
        return _Connection(self, made._connection)
