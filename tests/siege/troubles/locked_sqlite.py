"""Somebody holds SQLite's write lock: a backup tool, a shell that was left open."""

import sqlite3
from random import Random
from typing import ClassVar

from tests.siege.ground import Ground, StackKind
from tests.siege.troubles.trouble import Trouble


class LockedSqlite(Trouble):
    """Readers go on, nobody can write."""

    stacks: ClassVar[frozenset[StackKind]] = frozenset({"embedded"})
    hold_seconds: ClassVar[tuple[float, float]] = (12, 25)
    name = "locked_sqlite"
    red = frozenset({"worker"})

    def __init__(self) -> None:
        self._holder: sqlite3.Connection | None = None

    def begin(self, ground: Ground) -> None:
        """Take the lock."""
        file = ground.stack.data / "heliograph.db"
        self._holder = sqlite3.connect(file, isolation_level=None, timeout=30, check_same_thread=False)
        self._holder.execute("BEGIN IMMEDIATE")

    def end(self, ground: Ground) -> None:
        """Give it back."""
        if self._holder is not None:
            self._holder.rollback()
            self._holder.close()

    @classmethod
    def variants(cls, kind: StackKind) -> tuple[str, ...]:
        """One, where there is SQLite."""
        return ("locked_sqlite",) if kind == "embedded" else ()

    @classmethod
    def make(cls, name: str, kind: StackKind, chance: Random) -> "LockedSqlite":
        """Return it; nothing about it is chance."""
        return cls()
