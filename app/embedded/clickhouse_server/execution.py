"""Run one statement on one handle and give its answer in pieces."""

import json
import time
from dataclasses import dataclass, field
from typing import Any, Self

from app.embedded.clickhouse_server.engine import Engine
from app.embedded.clickhouse_server.errors import ClickHouseError
from app.embedded.clickhouse_server.requests import Request
from app.embedded.clickhouse_server.session import open_session
from app.embedded.clickhouse_server.staging import staged
from app.embedded.clickhouse_server.statements import Statement

# The server's output buffer: an error before this much was produced still gets its own HTTP status.
PIECE_BYTES = 1 << 20


@dataclass(slots=True)
class Summary:
    """What X-ClickHouse-Summary tells; zero is also what is not known."""

    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    result_rows: int = 0
    result_bytes: int = 0
    began_at: float = field(default_factory=time.perf_counter)

    def header(self) -> str:
        """Return the JSON of the header, numbers as strings."""
        return json.dumps(
            {
                "read_rows": str(self.read_rows),
                "read_bytes": str(self.read_bytes),
                "written_rows": str(self.written_rows),
                "written_bytes": str(self.written_bytes),
                "total_rows_to_read": "0",
                "result_rows": str(self.result_rows),
                "result_bytes": str(self.result_bytes),
                "elapsed_ns": str(int((time.perf_counter() - self.began_at) * 1e9)),
            },
            separators=(",", ":"),
        )


class Execution:
    """A statement under way. Every method blocks and belongs on a thread, any thread, one at a time.

    `read` returns the next piece of the answer, b"" at its end; `close` ends what still runs and frees the handle.
    """

    def __init__(self, handle: Any, output_format: str) -> None:
        self._handle = handle
        self._stream: Any = None
        self._rest = b""
        self.output_format = output_format
        self.summary = Summary()

    @classmethod
    def start(cls, engine: Engine, request: Request, statement: Statement) -> Self:
        """Run the statement, to its end unless it can be streamed. Raises `ClickHouseError`."""
        output_format = (statement.format if statement.kind != "insert" else None) or request.default_format
        execution = cls(open_session(engine, request), output_format)
        try:
            if statement.kind == "insert":
                execution._insert(statement, request)
            elif request.is_buffered or not statement.can_stream(output_format):
                execution._question(statement, request)
            else:
                execution._stream = execution._handle.send_query(
                    statement.sql, output_format, params=dict(request.parameters)
                )
        except BaseException as error:
            execution.close()
            if isinstance(error, RuntimeError):
                raise ClickHouseError.from_engine(error) from error
            raise
        return execution

    def _question(self, statement: Statement, request: Request) -> None:
        result = self._handle.query(statement.sql, self.output_format, params=dict(request.parameters))
        self._rest = result.bytes()
        self._count(result)
        self.summary.read_rows, self.summary.read_bytes = result.storage_rows_read(), result.storage_bytes_read()

    def _insert(self, statement: Statement, request: Request) -> None:
        """Let the engine read the data as a file: it makes one block of it, and one token marks that block."""
        with staged(statement.data) as path:
            source = f"FROM INFILE '{path}' COMPRESSION 'none' {statement.clauses} FORMAT {statement.format}"
            result = self._handle.query(f"{statement.sql}\n{source}", "Null", params=dict(request.parameters))
        self.summary.written_rows = self.summary.read_rows = result.rows_written()
        self.summary.written_bytes = self.summary.read_bytes = result.bytes_written()

    def read(self) -> bytes:
        """Return the next piece, of about PIECE_BYTES. Raises `ClickHouseError` when the query failed meanwhile."""
        pieces, size = [self._rest] if self._rest else [], len(self._rest)
        self._rest = b""
        while self._stream is not None and size < PIECE_BYTES:
            try:
                block = self._handle.streaming_fetch_result(self._stream)
            except RuntimeError as error:
                self._stream = None
                raise ClickHouseError.from_engine(error) from error
            if block.rows_read() == 0:
                self._stream = None
                break
            piece = block.bytes()
            self._count(block)
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces)

    def _count(self, result: Any) -> None:
        self.summary.result_rows += result.rows_read()
        self.summary.result_bytes += result.bytes_read()

    @property
    def is_finished(self) -> bool:
        """Say whether everything was read."""
        return self._stream is None and not self._rest

    @property
    def is_closed(self) -> bool:
        """Say whether the handle is free."""
        return self._handle is None

    def close(self) -> None:
        """End a query that still streams and free the handle; may be called twice."""
        stream, self._stream = self._stream, None
        handle, self._handle = self._handle, None
        if handle is None:
            return
        try:
            if stream is not None:
                handle.streaming_cancel_query(stream)  # closing without would wait for the query
        finally:
            handle.close()
