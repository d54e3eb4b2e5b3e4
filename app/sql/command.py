"""`heliograph sql`: queries from the argument, standard input or a prompt; answers as a table or in a format."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from app.settings import Settings
from app.sql.explain_error import explain_error
from app.sql.prompt import queries_from_terminal
from app.sql.service import Limits, OutputFormat, Table, run_export, run_table
from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseQueryError

_NARROWEST_COLUMN = 10
"""Letters, with its borders, below which a column is no help."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How the answers of one call of the command are wanted."""

    settings: Settings
    output_format: OutputFormat | None
    output: Path | None
    limit: int | None

    @property
    def limits(self) -> Limits:
        """Return what each query may take."""
        rows = self.settings.sql_row_limit if self.limit is None else self.limit
        return Limits(seconds=self.settings.sql_time_limit_seconds, rows=rows)


async def ask(asking: Asking, query: str) -> bool:
    """Answer one query; return whether ClickHouse accepted it."""
    clickhouse = await _connect(asking)
    try:
        return await _answer(clickhouse, query, asking)
    finally:
        await clickhouse.close()


def ask_at_prompt(asking: Asking) -> None:
    """Answer every query typed at the terminal. Ctrl-C ends a running query, not the prompt."""
    with asyncio.Runner() as runner:  # one loop for all queries; between them Ctrl-C belongs to the prompt
        clickhouse = runner.run(_connect(asking))
        try:
            for typed in queries_from_terminal():
                try:
                    runner.run(_answer(clickhouse, typed, asking))
                except KeyboardInterrupt:
                    Console(stderr=True).print("ended")
        finally:
            runner.run(clickhouse.close())


async def _connect(asking: Asking) -> ClickHouse:
    return await ClickHouse.connect(
        asking.settings.clickhouse_url.get_secret_value(), timeout_seconds=asking.settings.sql_time_limit_seconds
    )


async def _answer(clickhouse: ClickHouse, sql: str, asking: Asking) -> bool:
    errors = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    if not sql.strip().rstrip(";").strip():
        errors.print("The query is empty. Try: SHOW TABLES")
        return False
    try:
        if asking.output_format is not None:
            _write(await run_export(clickhouse, sql, asking.limits, asking.output_format), asking.output)
            return True
        answer = await run_table(clickhouse, sql, asking.limits)
    except ClickHouseQueryError as error:
        errors.print(explain_error(sql, error))
        return False
    if isinstance(answer, bytes):
        _write(answer, asking.output)
    else:
        _show(answer, asking.limits)
    return True


def _write(content: bytes, output: Path | None) -> None:
    if output is not None:
        output.write_bytes(content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def _show(answer: Table, limits: Limits) -> None:
    console = Console(markup=False, highlight=False)
    if len(answer.columns) * _NARROWEST_COLUMN > console.width:
        _show_below_each_other(answer, console)
    else:
        _show_side_by_side(answer, console)
    count = len(answer.rows)
    cut = f", cut at the limit of {limits.rows} (--limit 0 is all)" if answer.is_cut else ""
    console.print(f"{count} row{'' if count == 1 else 's'}{cut}, {answer.seconds * 1000:.0f} ms")


def _show_side_by_side(answer: Table, console: Console) -> None:
    table = RichTable()
    for name, type_ in answer.columns:
        is_number = type_.startswith(("UInt", "Int", "Float", "Decimal"))
        table.add_column(printable(name), justify="right" if is_number else "left", overflow="fold")
    for row in answer.rows:
        table.add_row(*(_cell(value) for value in row))
    console.print(table)


def _show_below_each_other(answer: Table, console: Console) -> None:
    """Show a row as lines of `name  value`: so many columns would be a few letters wide each."""
    names = [printable(name) for name, _ in answer.columns]
    width = max(map(len, names))
    for number, row in enumerate(answer.rows, start=1):
        console.rule(f"row {number}", align="left")
        for name, value in zip(names, row, strict=True):
            console.print(f"{name:<{width}}  {_cell(value)}", soft_wrap=True)


def _cell(value: object) -> str:
    return "NULL" if value is None else printable(str(value))


def printable(text: str) -> str:
    """Return the text with control characters spelled out: a user agent must not steer the reader's terminal."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)
