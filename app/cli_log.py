"""The commands that look after the log: `heliograph verify`, `rebuild`, `replay`, `sql`."""

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer

_WRONG, _FAILED = 1, 2
"""Exit codes: the answer is "no" (drift, a bad query); the question could not be asked."""


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(verify)
    app.command()(rebuild)
    app.command()(replay)
    app.command()(retention)
    app.command()(sql)


def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Recount every view from the log and report each difference; the product may go on meanwhile.

    Exit code 0: no difference; 1: some; 2: could not be checked.
    """
    from app.log_maintenance import verify_log
    from app.read_settings import read_settings

    is_clean = _run(verify_log(read_settings(), as_json=as_json))
    raise typer.Exit(0 if is_clean else _WRONG)


def rebuild(
    view: Annotated[list[str] | None, typer.Option(help="Only this view; may be repeated.")] = None,
    month: Annotated[list[str] | None, typer.Option(help="Only this month, like 202511; may be repeated.")] = None,
) -> None:
    """Remake the views from the log. The worker waits meanwhile; nothing is lost, readers see old or new months."""
    from app.log_maintenance import rebuild_views
    from app.read_settings import read_settings

    _run(rebuild_views(read_settings(), views=view or None, months=month or None))


def replay(
    ruleset: Annotated[int, typer.Option(help="Number of the ruleset to judge by.")],
    swap: Annotated[bool, typer.Option("--swap", help="Put the result in the place of the live data.")] = False,
    discard: Annotated[bool, typer.Option("--discard", help="Forget what an earlier replay has made.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the difference as JSON.")] = False,
) -> None:
    """Judge history anew by a ruleset, beside the live data, and show what would change.

    Live data change with --swap only. It may be interrupted at any time and goes on where it was; opens that come
    meanwhile are judged too.
    """
    from app.read_settings import read_settings
    from app.replay.command import discard_replay, replay_log

    if discard:
        if swap:
            _fail("--discard forgets what --swap would put in place: choose one")
        _run(discard_replay(read_settings(), ruleset=ruleset))
        return
    _run(replay_log(read_settings(), ruleset=ruleset, swap=swap, as_json=as_json))


def retention(
    is_dry_run: Annotated[bool, typer.Option("--dry-run", help="Delete nothing; say what would go.")] = False,
) -> None:
    """Delete the opens that organisations keep no longer, as the worker does once a day; safe to repeat."""
    from datetime import UTC, datetime

    from app.read_settings import read_settings
    from app.retention.command import run_retention

    _run(run_retention(read_settings(), is_dry_run=is_dry_run, now=datetime.now(UTC)))


def sql(
    query: Annotated[str | None, typer.Argument(help="The query; without it, from standard input or a prompt.")] = None,
    output_format: Annotated[
        Literal["csv", "json", "parquet"] | None,
        typer.Option("--format", help="Not a table, but this. In csv, texts like formulas begin with an apostrophe."),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the answer to this file.")] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Most rows; 0 is all.  [default: SQL_ROW_LIMIT]")] = None,
) -> None:
    """Ask ClickHouse anything, read-only."""
    from app.read_settings import read_settings
    from app.sql.command import Asking, ask, ask_at_prompt

    if output is not None and output_format is None:
        _fail("--output needs --format csv, json or parquet")
    if output_format == "parquet" and output is None and sys.stdout.isatty():
        _fail("parquet is not for a terminal: add --output FILE")
    asking = Asking(read_settings(), output_format, output, limit)
    if query is None and sys.stdin.isatty():
        with _explained():
            ask_at_prompt(asking)
        return
    is_answered = _run(ask(asking, sys.stdin.read() if query is None else query))
    raise typer.Exit(0 if is_answered else _WRONG)


def _run(work: Coroutine[Any, Any, bool | None]) -> bool | None:
    with _explained():
        return asyncio.run(work)


@contextmanager
def _explained() -> Iterator[None]:
    """Say in one sentence why the work could not be done."""
    from app.errors import AppError
    from clickhouse.errors import ClickHouseError

    try:
        yield
    except (AppError, ClickHouseError, OSError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _fail(sentence: str) -> NoReturn:
    typer.echo(f"heliograph: {sentence}", err=True)
    raise typer.Exit(_FAILED)
