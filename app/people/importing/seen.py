"""Which addresses of a file came already, and where: on disk, because a file may be longer than memory is wide."""

import sqlite3
from collections.abc import Sequence
from typing import Self


class Seen:
    """Remembers the first line of every address of one file. Used by one thread at a time, not always the same."""

    def __init__(self) -> None:
        self._store = sqlite3.connect("", check_same_thread=False, isolation_level=None)  # a file SQLite deletes itself
        self._store.execute("PRAGMA journal_mode = OFF")
        self._store.execute("PRAGMA synchronous = OFF")
        self._store.execute("CREATE TABLE seen (email TEXT PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def first_lines(self, found: Sequence[tuple[str, int]]) -> list[int]:
        """Return for each (address, line) the line on which the address stood first; later ones are repetitions."""
        before = self._store.total_changes
        self._store.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", found)
        if self._store.total_changes - before == len(found):
            return [line for _, line in found]
        ask = "SELECT line FROM seen WHERE email = ?"
        return [self._store.execute(ask, (email,)).fetchone()[0] for email, _ in found]
