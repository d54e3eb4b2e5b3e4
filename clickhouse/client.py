"""The only way to ClickHouse: named queries, inserts of one block, and commands, all asynchronous."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import aiohttp
import clickhouse_connect
from clickhouse_connect.datatypes.base import ClickHouseType
from clickhouse_connect.datatypes.registry import get_from_name
from clickhouse_connect.driver.asyncclient import AsyncClient
from clickhouse_connect.driver.exceptions import ClickHouseError as DriverError

from clickhouse import native
from clickhouse.errors import (
    ClickHouseQueryError,
    ClickHouseUnavailableError,
    QueryMissingError,
    plain_text,
    translate,
)
from clickhouse.parameters import bind
from clickhouse.sql_files import NamedQuery, read_command, read_queries

MAINTENANCE_SECONDS = 24 * 3600.0
"""For statements that may rewrite whole months: their caller waits for as long as it takes."""
_GRACE_SECONDS = 5.0
"""How much longer than the query's own limit we wait for ClickHouse to say that it was reached."""
_STALE_SCHEMA = frozenset({10, 16, 53})  # NOT_FOUND_COLUMN_IN_BLOCK, NO_SUCH_COLUMN_IN_TABLE, TYPE_MISMATCH
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class ClickHouse:
    """A pool of connections to one database; safe to share between the tasks of one event loop."""

    def __init__(self, driver: AsyncClient, *, timeout_seconds: float, compression: str | None) -> None:
        self._driver = driver
        self.database = driver.database or "default"
        """Name of the database that every statement means."""
        self._timeout_seconds = timeout_seconds
        self._compression = compression
        self._query_id_prefix = ""
        self._columns: dict[str, dict[str, ClickHouseType]] = {}
        self.queries: Mapping[str, NamedQuery] = {}
        """The named queries, loaded and parsed at start."""

    @classmethod
    async def connect(cls, url: str, *, timeout_seconds: float) -> Self:
        """Connect to `http[s]://user:password@host:port/database` and check every named query.

        `timeout_seconds` limits each query (ClickHouse ends it) and each wait for an answer.
        Raises `ClickHouseUnavailableError` if nobody answers, `QueryMissingError` for a query that does not parse.
        """
        client = await cls.open(url, timeout_seconds=timeout_seconds)
        try:
            await client._load_queries()
        except BaseException:
            await client.close()
            raise
        return client

    @classmethod
    async def open(cls, url: str, *, timeout_seconds: float, is_database_needed: bool = True) -> Self:
        """Connect without named queries; without a database too if it may not exist yet (for migrations)."""
        parts = urlsplit(url)
        host = parts.hostname or "127.0.0.1"
        # lz4 costs CPU on both sides and saves bytes that on loopback cost nothing
        compression = None if host in _LOOPBACK else "lz4"
        async with _translated(connecting_to=f"{host}:{parts.port or 8123}", seconds=timeout_seconds):
            driver = await clickhouse_connect.get_async_client(
                host=host,
                port=parts.port or (8443 if parts.scheme == "https" else 8123),
                interface=parts.scheme or "http",
                username=unquote(parts.username or "default"),
                password=unquote(parts.password or ""),
                database=(parts.path.strip("/") or "default") if is_database_needed else "__default__",
                compress=compression or False,
                connect_timeout=min(5.0, timeout_seconds),
                send_receive_timeout=MAINTENANCE_SECONDS,  # each call has its own limit, see `_translated`
                query_retries=0,  # whoever asks knows whether asking again is right
                tz_mode="aware",
                autogenerate_session_id=False,  # a session would make queries wait for each other
                client_name="heliograph",
            )
        return cls(driver, timeout_seconds=timeout_seconds, compression=compression)

    async def query(
        self,
        name: str,
        parameters: Mapping[str, object] = {},
        *,
        settings: Mapping[str, object] | None = None,
    ) -> list[dict[str, Any]]:
        """Run the query `queries/{name}.sql` and return its rows; `queries/README.md` names parameters and columns.

        Raises `QueryTimedOutError` after the client's limit, `ClickHouseUnavailableError` without an answer.
        """
        return await self.select(self.queries[name].statement, parameters, settings=settings)

    async def select(
        self,
        sql: str,
        parameters: Mapping[str, object] = {},
        *,
        settings: Mapping[str, object] | None = None,
        timeout_seconds: float | None = None,
    ) -> list[dict[str, Any]]:
        """Run a statement that came from a `.sql` file and return its rows; by default within the client's limit."""
        bound = bind(parameters)
        seconds = self._timeout_seconds if timeout_seconds is None else timeout_seconds
        limits = {"max_execution_time": seconds} | dict(settings or {})
        async with _translated(seconds=seconds + _GRACE_SECONDS):
            result = await self._driver.query(sql, parameters=bound, settings=limits)
            return list(result.named_results())

    async def insert(
        self, table: str, columns: Mapping[str, Sequence[Any]], *, query_id: str, token: str | None
    ) -> None:
        """Insert columns of equal length as one block, and wait until it and all views of it are written.

        With a `token` the same block may be sent again: ClickHouse writes only what the first attempt did not.
        UUIDs may be given as `UUID`, `str`, `int` or 16 bytes, times as aware `datetime` or as integer ticks of
        the column (ms for DateTime64(3)), FixedString as bytes; the first value of a column decides for all of it.
        After an error it is unknown what was written: send the same block with the same token.
        """
        settings: dict[str, Any] = {
            "async_insert": 0,
            "wait_end_of_query": 1,
            "deduplicate_blocks_in_dependent_materialized_views": 1,
        }
        if token is not None:
            settings["insert_deduplication_token"] = token
        try:
            types = await self._column_types(table)
            body = await asyncio.to_thread(native.insert_body, table, types, columns, self._compression)
            async with _translated(seconds=self._timeout_seconds + _GRACE_SECONDS):
                await self._driver.raw_insert(
                    insert_block=_once(body),
                    compression=self._compression,
                    settings=settings | {"query_id": query_id},
                )
        except ClickHouseQueryError as error:
            if error.code in _STALE_SCHEMA:
                self._columns.pop(table, None)  # a migration may have changed the table; the next attempt looks again
            raise

    def naming(self, query_id_prefix: str) -> Self:
        """Return this client with every `command` under an id that begins so, for `kill`."""
        named = copy(self)
        named._query_id_prefix = query_id_prefix
        return named

    async def kill(self, query_id_prefix: str) -> None:
        """End every running query whose id starts so, and wait until each has ended."""
        if not query_id_prefix:
            raise ValueError("an empty prefix would end every query of the server")
        await self.command(read_command("kill_queries"), {"prefix": query_id_prefix})

    async def command(
        self,
        sql: str,
        parameters: Mapping[str, object] = {},
        *,
        settings: Mapping[str, object] | None = None,
        timeout_seconds: float | None = None,
    ) -> None:
        """Run a statement that answers nothing (migrations, maintenance); by default within the client's limit."""
        bound = bind(parameters)
        seconds = self._timeout_seconds if timeout_seconds is None else timeout_seconds
        async with _translated(seconds=seconds + _GRACE_SECONDS):
            await self._driver.command(sql, parameters=bound or None, settings=self._named(settings or {}))

    def _named(self, settings: Mapping[str, object]) -> dict[str, object]:
        if not self._query_id_prefix:
            return dict(settings)
        return {**settings, "query_id": f"{self._query_id_prefix}{secrets.token_hex(8)}"}

    async def raw(self, sql: str, *, default_format: str, query_id: str, settings: Mapping[str, object]) -> bytes:
        """Run somebody's own statement under `settings` and return the answer as ClickHouse formats it.

        `default_format` is used unless the statement names a FORMAT. Cancelled, the query is ended there too.
        """
        try:
            async with _translated(seconds=self._timeout_seconds + _GRACE_SECONDS):
                answer = await self._driver.raw_query(
                    sql,
                    settings={**settings, "query_id": query_id},
                    transport_settings={"X-ClickHouse-Format": default_format},
                )
        except asyncio.CancelledError:
            await self.kill(query_id)
            raise
        return bytes(answer)

    async def ping(self) -> None:
        """Return if ClickHouse answers a trivial query; raise `ClickHouseUnavailableError` if not."""
        await self.select("SELECT 1")

    async def close(self) -> None:
        """Close all connections."""
        await self._driver.close()

    async def _load_queries(self) -> None:
        try:
            queries = read_queries()
        except (OSError, ValueError) as error:
            raise QueryMissingError(f"cannot load the named queries: {error}") from error
        if not queries:
            raise QueryMissingError("clickhouse/queries holds no .sql file: the installation is incomplete")
        asked = list(queries.values())
        unparsed = await self.select(read_command("unparsed"), {"statements": [query.sql for query in asked]})
        for row in unparsed:
            await self._complain(asked[row["position"] - 1])
        self.queries = queries

    async def _complain(self, query: NamedQuery) -> None:
        """Ask ClickHouse what it does not understand in a query, and raise that as `QueryMissingError`."""
        try:
            await self.select(read_command("check_syntax"), {"statement": query.sql})
        except ClickHouseQueryError as error:
            raise QueryMissingError(f"queries/{query.name}.sql does not parse: {error.message}") from error

    async def _column_types(self, table: str) -> dict[str, ClickHouseType]:
        if table not in self._columns:
            rows = await self.select(read_command("describe_table"), {"table": table})
            self._columns[table] = {row["name"]: get_from_name(row["type"]) for row in rows}
        return self._columns[table]


async def _once(body: bytes) -> AsyncIterator[bytes]:
    """Give the body as a stream: the driver then cannot send it a second time behind our back."""
    yield body


@asynccontextmanager
async def _translated(*, seconds: float, connecting_to: str = "") -> AsyncIterator[None]:
    """Turn the driver's exceptions, lost connections and silence into ours."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise ClickHouseUnavailableError(f"no answer from ClickHouse within {seconds:g} s") from error
    except (aiohttp.ClientError, OSError) as error:
        raise ClickHouseUnavailableError(f"the connection to ClickHouse broke: {plain_text(error)}") from error
    except DriverError as error:
        ours = translate(error)
        if connecting_to and isinstance(ours, ClickHouseUnavailableError):
            raise ClickHouseUnavailableError(f"no ClickHouse at {connecting_to}: {ours}") from error
        raise ours from error
