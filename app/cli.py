"""The command line: `heliograph COMMAND`. Heavy imports stand inside the commands, so that each starts fast."""

import asyncio
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="heliograph",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_DATA_HELP = "Directory of everything the product remembers."


_TAKES_DATA_ITSELF = frozenset({"up", "demo"})
_ASK_THE_PRODUCT = frozenset({"verify", "rebuild", "replay", "retention", "sql", "users"})
"""Commands that can do nothing without the stores of a product."""


@app.callback()
def find_the_product(
    context: typer.Context,
    data: Annotated[Path, typer.Option(envvar="HELIOGRAPH_DATA", help=_DATA_HELP)] = Path("data"),
) -> None:
    """Honest opens, nothing lost. `heliograph up` runs the whole product; the other commands find it by its --data.

    A URL in the environment (KAFKA_URL, CLICKHOUSE_URL, REDIS_URL, DATABASE_URL) comes first.
    """
    if context.invoked_subcommand == "up":
        return  # it makes its own places
    from app.embedded.ready_file import settings_of

    found = settings_of(data)
    is_lost = not found and not any(os.environ.get(name) for name in ("CLICKHOUSE_URL", "DATABASE_URL"))
    if is_lost and context.invoked_subcommand in _ASK_THE_PRODUCT and not {"--help", "-h"} & set(sys.argv):
        start = shlex.join(["heliograph", "up", "--data", str(data)])
        typer.echo(f"heliograph: nothing runs on {data}. Start it with `{start}`.", err=True)
        raise typer.Exit(2)
    for setting, value in found.items():
        if not os.environ.get(setting):
            os.environ[setting] = value


@app.command()
def up(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option(help=_DATA_HELP + "  [default: data]")] = None,
    port: Annotated[int, typer.Option(min=1, max=65533, help="API and pages; the collector is the next one.")] = 8800,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 to try it from a phone.")] = "127.0.0.1",
    collector_port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Pixels, if not the port after --port.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Fill in 50 people, 90 days of opens, and campaigns.")
    ] = False,
    broker_memory_limit_mb: Annotated[
        int, typer.Option(min=1, help="Above this the embedded broker is recycled; no hit is lost by it.")
    ] = 512,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show the embedded services' own words too.")] = False,
) -> None:
    """Run everything: collector, worker and API, and each service whose URL is not in the environment."""
    from app.embedded.launcher import up as run
    from app.embedded.options import UpOptions

    assert context.parent is not None  # `up` is a command of the root
    chosen: Path = data or context.parent.params["data"]
    raise typer.Exit(run(UpOptions(chosen, port, host, collector_port, demo, broker_memory_limit_mb, verbose)))


@app.command()
def collector() -> None:
    """Run the collector: pixels, answered and kept whatever else is down."""
    _become("app.collector.server")


@app.command()
def api() -> None:
    """Run the API and the pages."""
    _become("app.main")


@app.command()
def worker() -> None:
    """Run the worker: enrich, store, announce."""
    _become("streams.worker")


@app.command()
def migrate() -> None:
    """Bring all stores to the present version: tables, views, topics. Safe to repeat."""
    from app.migrate import MigrationError, migrate_all
    from app.read_settings import read_settings

    try:
        asyncio.run(migrate_all(read_settings(), say=typer.echo))
    except MigrationError as error:
        typer.echo(f"heliograph: {error}", err=True)
        raise typer.Exit(1) from error


def _become(module: str) -> None:
    """Turn this process into `python -m module`: one pid, signals reach it; and `app` need not import `streams`."""
    os.execv(sys.executable, [sys.executable, "-m", module])  # noqa: S606  # our own module, no shell


def add_other_commands() -> None:
    """Register the commands that live in files of their own."""
    from app import cli_classify, cli_demo, cli_log, cli_people

    for commands in (cli_demo, cli_log, cli_people, cli_classify):
        commands.register(app)


def data_first(arguments: Sequence[str]) -> list[str]:
    """Let `--data DIR` stand after the command too, where `up` takes it; returns the arguments in the root's order."""
    given = list(arguments)
    if given[:1] and given[0] in _TAKES_DATA_ITSELF:
        return given
    for at, argument in enumerate(given):
        if argument == "--":
            break
        if argument == "--data" and at + 1 < len(given):
            return [argument, given[at + 1], *given[:at], *given[at + 2 :]]
        if argument.startswith("--data="):
            return [argument, *given[:at], *given[at + 1 :]]
    return given


def main() -> None:
    """Run the command line."""
    from app.private_files import keep_files_private

    keep_files_private()
    sys.argv[1:] = data_first(sys.argv[1:])
    if sys.argv[1:2] == ["up"]:  # the launcher runs for weeks: it does not load what other commands need
        app()
        return
    from app.read_settings import SettingsError, exit_with

    add_other_commands()
    try:
        app()
    except SettingsError as error:
        exit_with("heliograph", error)


if __name__ == "__main__":
    main()
