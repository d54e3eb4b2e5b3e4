"""Runs one ad-hoc query: nothing can be changed, and it ends within its limits of time, rows and memory."""

import asyncio
import json
import re
import secrets
from dataclasses import dataclass
from typing import Any, Literal

from app import csv_out
from app.sql.only_reading import checked_query
from clickhouse.client import ClickHouse
from clickhouse.errors import ReadOnlyError

OutputFormat = Literal["csv", "json", "parquet"]
CLICKHOUSE_FORMATS: dict[str, str] = {"csv": "CSVWithNames", "json": "JSONEachRow", "parquet": "Parquet"}

_OWN_FORMAT = re.compile(r"\bFORMAT\s+(\w+)")

MEMORY_LIMIT_BYTES = 1 * 2**30
"""Most memory of one ad-hoc query; the dashboards' queries share the machine with it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take; `rows` 0 is no limit."""

    seconds: float
    rows: int
    memory_bytes: int = MEMORY_LIMIT_BYTES

    def settings(self) -> dict[str, object]:
        """Return ClickHouse's settings for them. Read-only of the strict kind, so that a query cannot lift them."""
        return {
            "readonly": 1,
            "max_execution_time": self.seconds,
            "max_memory_usage": self.memory_bytes,
            "max_result_rows": self.rows,
            "result_overflow_mode": "break",  # cuts at the end of a block …
            "limit": self.rows,  # … and this to the row
            "output_format_json_quote_64bit_integers": 0,
        }


@dataclass(frozen=True, slots=True)
class Table:
    """An answer for a person: names and types of the columns, rows, and whether the row limit cut it."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[Any, ...], ...]
    is_cut: bool
    seconds: float


async def run_table(clickhouse: ClickHouse, sql: str, limits: Limits) -> Table | bytes:
    """Run a query for showing; bytes are the answer of a query that named its own FORMAT, or has none.

    Raises `ClickHouseQueryError` with ClickHouse's own sentence and, for a syntax error, its position.
    """
    answer = await _run(clickhouse, sql, limits, "JSONCompact")
    try:
        parsed = json.loads(answer)
        columns = tuple((column["name"], column["type"]) for column in parsed["meta"])
        rows = tuple(tuple(row) for row in parsed["data"])
    except (ValueError, KeyError, TypeError):
        return answer
    seconds = float(parsed.get("statistics", {}).get("elapsed", 0.0))
    return Table(columns, rows, bool(limits.rows) and len(rows) >= limits.rows, seconds)


async def run_export(clickhouse: ClickHouse, sql: str, limits: Limits, output_format: OutputFormat) -> bytes:
    """Run a query for a file or another program; the answer in that format, cut at the row limit.

    People open CSV in spreadsheets, and a user agent may be a formula: its texts are as `csv_out.neutral` has them.
    """
    return await _run(clickhouse, sql, limits, CLICKHOUSE_FORMATS[output_format])


async def _run(clickhouse: ClickHouse, sql: str, limits: Limits, default_format: str) -> bytes:
    statement = sql.strip().rstrip(";").rstrip()
    words = await checked_query(clickhouse, statement)
    answer = await clickhouse.raw(
        statement,
        default_format=default_format,
        query_id=f"sql:{secrets.token_hex(8)}",
        settings=limits.settings(),
    )
    if words is None:  # ClickHouse usually refuses it, and says where it stopped reading; then we are not here
        raise ReadOnlyError("Only what ClickHouse can format may be asked. (READONLY)", code=164, name="READONLY")
    formats = _OWN_FORMAT.findall(words) or [default_format]
    is_csv = any(name.upper().startswith("CSV") for name in formats)
    return await asyncio.to_thread(csv_out.neutral_csv, answer) if is_csv else answer
