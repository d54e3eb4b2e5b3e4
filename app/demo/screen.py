"""The demo's progress in the terminal, and what it says at the end."""

import time
from functools import partial
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from app.demo.campaigns import FEWEST_DAYS
from app.demo.deliver import Delivery
from app.demo.fill import Outcome

_QUIET_SECONDS = 5.0
"""Without a terminal a line is printed this often, so that a log shows that something moves."""


class ProgressScreen:
    """Three bars: made, sent, stored; and a word about a service that is away."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description:>8}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._bars = [self._progress.add_task(name, total=None, note="") for name in ("made", "sent", "stored")]
        self._events, self._said_at = 0, time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._progress.stop()

    def began(self, events: int) -> None:
        """Show the bars (not before: a question may come first)."""
        self._progress.start()
        self._events = events
        for bar in self._bars:
            self._progress.update(bar, total=events)
        if not self._console.is_terminal:
            self._console.print(f"{events:,} hits are on their way.")

    def made(self, events: int) -> None:
        """Move the first bar."""
        self._progress.update(self._bars[0], completed=events)

    def looked(self, delivery: Delivery) -> None:
        """Move the others."""
        note = "" if delivery.state in ("forwarding", "starting", "stored") else f"waiting: {delivery.state}"
        self._progress.update(self._bars[1], completed=delivery.sent, note=note)
        self._progress.update(self._bars[2], completed=delivery.stored)
        if not self._console.is_terminal and time.monotonic() - self._said_at > _QUIET_SECONDS:
            self._said_at = time.monotonic()
            self._console.print(f"{delivery.stored:,} of {self._events:,} stored. {note}".strip())


def say_outcome(console: Console, outcome: Outcome, public_url: str) -> None:
    """Say what was done and what to look at."""
    say = partial(console.print, soft_wrap=True)
    job = outcome.job
    if job is None:
        if outcome.was_declined:
            why = "has real opens, nothing was added"
            say(f"{outcome.organisation} {why}. `heliograph demo --yes` mixes demo opens in.")
        else:
            say(f"{outcome.organisation}: its demo data is complete. `heliograph demo --again` adds another filling.")
        return
    say(
        f"\n{outcome.organisation} has {job.people} people, and {job.events:,} hits of their pixels in {job.days} days."
    )
    say("All of them went through the stream: classified, judged, counted once.\n")
    say(f"  Look at      {public_url}  My engagement: this week, the days, your best hour, devices")
    if job.days >= FEWEST_DAYS:
        say(f"  Campaigns    {public_url}/campaigns  one that is over, one that runs, one that is a draft")
    say('  Who counts?  `heliograph sql "SELECT open_class, count() FROM events GROUP BY 1"`')
    say("  Is it right? `heliograph verify` recounts every number from the log")
    say(f"  Same again   `heliograph demo --seed {job.seed}` on a fresh directory\n")
