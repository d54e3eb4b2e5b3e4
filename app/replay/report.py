"""What a replay would change, or has changed: per class, per day, and from which class to which."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

_SHOWN_DAYS = 60


@dataclass(slots=True)
class Report:
    """Opens by (UTC day, class before, class after), in the months that were replayed."""

    ruleset: int
    moves: Counter[tuple[date, str, str]] = field(default_factory=Counter)
    is_swapped: bool = False

    def add(self, row: Mapping[str, Any]) -> None:
        """Take in one row of `replay_changes`."""
        self.moves[row["date"], row["class_before"], row["class_after"]] += row["opens"]

    @property
    def opens(self) -> int:
        """How many opens were judged."""
        return sum(self.moves.values())

    @property
    def changed(self) -> int:
        """How many of them are in another class now."""
        return sum(opens for (_, before, after), opens in self.moves.items() if before != after)

    def by_class(self) -> dict[str, tuple[int, int]]:
        """Return opens before and after, by class."""
        before, after = Counter[str](), Counter[str]()
        for (_, was, is_now), opens in self.moves.items():
            before[was] += opens
            after[is_now] += opens
        return {name: (before[name], after[name]) for name in sorted(before | after)}

    def by_day(self) -> dict[tuple[date, str], tuple[int, int]]:
        """Return opens before and after, by day and class."""
        before, after = Counter[tuple[date, str]](), Counter[tuple[date, str]]()
        for (day, was, is_now), opens in self.moves.items():
            before[day, was] += opens
            after[day, is_now] += opens
        return {key: (before[key], after[key]) for key in sorted(before | after)}

    def as_json(self) -> dict[str, Any]:
        """Return everything, for a machine."""
        moves = Counter[tuple[str, str]]()
        for (_, was, is_now), opens in self.moves.items():
            if was != is_now:
                moves[was, is_now] += opens
        return {
            "ruleset": self.ruleset,
            "isSwapped": self.is_swapped,
            "opens": self.opens,
            "changed": self.changed,
            "classes": [
                {"class": name, "before": before, "after": after} for name, (before, after) in self.by_class().items()
            ],
            "moves": [{"from": was, "to": is_now, "opens": opens} for (was, is_now), opens in sorted(moves.items())],
            "days": [
                {"date": day.isoformat(), "class": name, "before": before, "after": after}
                for (day, name), (before, after) in self.by_day().items()
            ],
        }

    def print(self, console: Console) -> None:
        """Print it for a person: all classes, then the days that differ."""
        console.print(f"{self.opens:,} opens judged by ruleset {self.ruleset}, {self.changed:,} are in another class.")
        table = _table("classes", "class")
        for name, (before, after) in self.by_class().items():
            table.add_row(name, *_figures(before, after))
        console.print(table)
        differing = [(key, figures) for key, figures in self.by_day().items() if figures[0] != figures[1]]
        if differing:
            table = _table("days (UTC) that differ", "day", "class")
            for (day, name), (before, after) in differing[-_SHOWN_DAYS:]:
                table.add_row(day.isoformat(), name, *_figures(before, after))
            console.print(table)
        if len(differing) > _SHOWN_DAYS:
            console.print(f"… and {len(differing) - _SHOWN_DAYS} earlier rows; --json prints all.")


def _table(title: str, *names: str) -> Table:
    table = Table(title=title, title_justify="left")
    for name in names:
        table.add_column(name)
    for name in ("before", "after", "difference"):
        table.add_column(name, justify="right")
    return table


def _figures(before: int, after: int) -> tuple[str, str, str]:
    return f"{before:,}", f"{after:,}", f"{after - before:+,}" if after != before else "0"
