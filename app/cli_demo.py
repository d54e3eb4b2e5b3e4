"""`heliograph demo`: fifty people, ninety days of opens and three campaigns, so that there is something to look at."""

import asyncio
import os
import secrets
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

_MOST_PEOPLE = 50


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option(help="Directory of the running product.  [default: data]")] = None,
    people: Annotated[int, typer.Option(min=1, max=_MOST_PEOPLE, help="How many people, the owner included.")] = 50,
    days: Annotated[int, typer.Option(min=1, max=730, help="How many days back.")] = 90,
    seed: Annotated[int | None, typer.Option(help="The same seed tells the same story.  [default: random]")] = None,
    organisation: Annotated[str | None, typer.Option(help="Its name.  [default: the oldest one]")] = None,
    again: Annotated[bool, typer.Option("--again", help="Add another filling to one that is complete.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before mixing with real opens.")] = False,
) -> None:
    """Fill an organisation with people, believable opens and campaigns. Safe to interrupt and to repeat."""
    from rich.console import Console

    from app.demo.fill import Wish, fill
    from app.demo.screen import ProgressScreen, say_outcome
    from app.embedded.data_dir import DataDir
    from app.errors import AppError
    from app.read_settings import read_settings
    from clickhouse.errors import ClickHouseError

    root = _use_data(context, data)
    if not os.environ.get("KAFKA_URL"):
        start = shlex.join(["heliograph", "up", "--data", str(root)])
        typer.echo(f"heliograph: nothing runs on {root}. Start it with `{start}`, then try again.", err=True)
        raise typer.Exit(1)
    settings = read_settings().model_copy(update={"spool_hold_file": DataDir(root).hold})
    wish = Wish(root, organisation, people, days, secrets.randbits(31) if seed is None else seed, again)
    console = Console(highlight=False)

    def may_mix(title: str) -> bool:
        """Ask once; where nobody can answer, the answer is no."""
        if yes:
            return True
        question = f"{title} has real opens already. Demo opens cannot be told from them afterwards. Mix them?"
        return sys.stdin.isatty() and typer.confirm(question)

    try:
        with ProgressScreen(console) as screen:
            work = fill(wish, settings, now=datetime.now(UTC), screen=screen, may_mix=may_mix)
            outcome = asyncio.run(work)
    except (AppError, ClickHouseError, OSError) as error:
        typer.echo(f"heliograph: {error}", err=True)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        console.print("Interrupted; nothing is lost. `heliograph demo` goes on where it stopped.")
        raise typer.Exit(130) from None
    say_outcome(console, outcome, settings.public_url)
    if outcome.was_declined:
        raise typer.Exit(1)


def _use_data(context: typer.Context, data: Path | None) -> Path:
    """Return the data directory, absolute, and lead this process to the product that runs on it."""
    from app.embedded.ready_file import settings_of

    if data is None:
        chosen = context.parent.params.get("data") if context.parent else None
        return Path(chosen or "data").expanduser().resolve()
    for setting, value in settings_of(data).items():
        os.environ[setting] = value
    return data.expanduser().resolve()
