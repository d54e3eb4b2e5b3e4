"""`heliograph replay` as typed: a progress bar on standard error, the difference on standard output."""

import json

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from app.classification.ruleset import RULESET
from app.replay.job import Step, discard, replay
from app.settings import Settings
from app.store.database import Database
from app.store.holds import hold_store

_COLUMNS = (
    SpinnerColumn(),
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TimeElapsedColumn(),
)


async def replay_log(settings: Settings, *, ruleset: int, swap: bool, as_json: bool) -> None:
    """Replay, and say what changes."""
    url = settings.clickhouse_url.get_secret_value()
    said = Console(stderr=True)
    database = Database(settings.database_url.get_secret_value())
    try:
        with Progress(*_COLUMNS, console=said) as bars:
            bar = bars.add_task("looking", total=None)

            def show(step: Step) -> None:
                bars.update(bar, description=step.what, completed=step.done, total=step.total)

            report = await replay(url, ruleset=ruleset, hold=lambda: hold_store(database), swap=swap, on_step=show)
    finally:
        await database.dispose()
    console = Console()
    if as_json:
        console.file.write(json.dumps(report.as_json(), indent=2) + "\n")
    else:
        report.print(console)
    if swap:
        said.print(f"[green]Swapped in:[/green] the log and its views are judged by ruleset {ruleset}.")
        if ruleset != RULESET:
            said.print(f"New opens are still judged by ruleset {RULESET}, the newest of this version.")
    else:
        said.print(
            f"Live data are as they were. `heliograph replay --ruleset {ruleset} --swap` puts this in their place, "
            f"--discard forgets it."
        )


async def discard_replay(settings: Settings, *, ruleset: int) -> None:
    """Forget what a replay has made."""
    database = Database(settings.database_url.get_secret_value())
    try:
        await discard(settings.clickhouse_url.get_secret_value(), ruleset=ruleset, hold=lambda: hold_store(database))
    finally:
        await database.dispose()
    Console(stderr=True).print("Forgotten; live data are as they were.")
