"""What the launcher prints: progress while starting, and one prefixed log of all processes."""

import logging
import os
import re
import sys
import time
from collections import deque
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

_COLOURS = {
    "broker": 35,
    "redis": 31,
    "clickhouse": 33,
    "collector": 36,
    "api": 32,
    "worker": 34,
}
_CURSOR = re.compile(r"\x1b\[\?\d+[hl]")
"""What Faust sends to show the cursor again; the cursor is not its to show."""
_LOG_BYTES, _LOG_FILES = 5 * 2**20, 3
_TAIL_LINES = 30


class Console:
    """One writer for everybody, so that lines of different processes never mix.

    Everything a process prints goes to `logs/{name}.log`; the terminal gets what our own processes say, and of
    the services only what the launcher has to say about them.
    """

    def __init__(self, logs: Path, *, is_verbose: bool = False, out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._has_colour = self._out.isatty() and "NO_COLOR" not in os.environ
        self._logs, self._is_verbose = logs, is_verbose
        self._files: dict[str, logging.Handler] = {}
        self._tails: dict[str, deque[str]] = {}
        self._started_at = time.monotonic()

    def line(self, text: str = "") -> None:
        """Print `text` as it stands."""
        try:
            self._out.write(text + "\n")
            self._out.flush()
        except (BrokenPipeError, ValueError):
            pass  # whoever read our output is gone; the product goes on, and the files have it all

    def progress(self, text: str) -> None:
        """Print a step of the launcher's own work with the seconds since it started."""
        elapsed = time.monotonic() - self._started_at
        self.line(f"{self._paint(f'{elapsed:5.1f}s', 90)}  {text}")
        self._file("heliograph").emit(_record(text))

    def note(self, name: str, text: str) -> None:
        """Print what the launcher has to say about process `name`, and write it into that process's log."""
        self._write(name, text)
        self.line(self._prefix(name) + self._paint(text, 1))

    def reader(self, name: str, *, is_service: bool) -> Callable[[str], None]:
        """Return where the lines of a new process `name` go; the tail begins anew with it."""
        self._tails[name] = deque(maxlen=_TAIL_LINES)
        is_shown = self._is_verbose or not is_service

        def read(text: str) -> None:
            text = _CURSOR.sub("", text)
            self._write(name, text)
            if is_shown:
                self.line(self._prefix(name) + text)

        return read

    def tail(self, name: str) -> list[str]:
        """Return the last lines of process `name`."""
        return list(self._tails.get(name, ()))

    def close(self) -> None:
        """Close the log files."""
        for file in self._files.values():
            file.close()

    def _write(self, name: str, text: str) -> None:
        self._tails.setdefault(name, deque(maxlen=_TAIL_LINES)).append(text)
        self._file(name).emit(_record(text))

    def _file(self, name: str) -> logging.Handler:
        if name not in self._files:
            file = _LogFile(self._logs / f"{name}.log", maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8")
            file.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
            self._files[name] = file
        return self._files[name]

    def _prefix(self, name: str) -> str:
        return self._paint(f"{name:<10} │ ", _COLOURS.get(name, 37))

    def _paint(self, text: str, code: int) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._has_colour else text


class _LogFile(RotatingFileHandler):
    """A log that a full disk cannot turn against the product."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the library's name
        """Say nothing: the line has reached the terminal, and there is nowhere else to complain."""


def _record(text: str) -> logging.LogRecord:
    return logging.LogRecord("heliograph", logging.INFO, "", 0, text, None, None)
