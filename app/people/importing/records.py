"""Text of a CSV file → records, as it comes: fields may hold line ends, a quote that never ends costs one row."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

MOST_RECORD_LINES = 100
MOST_RECORD_CHARACTERS = 65_536
"""A record is longer than this only when a quote in it is never closed."""
DELIMITERS = (",", ";", "\t")
_TO_CLOSING_QUOTE = re.compile(r'(?:[^"]|"")*+"')


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file. `line` is where it begins, from 1; `problem` says why it cannot be read, then no cells."""

    line: int
    cells: tuple[str, ...]
    problem: str | None = None


class RecordReader:
    """Cuts text into records. Blank lines are none. Memory is bounded by the longest record."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._rest = ""
        self._line = 0
        """Number of the last line taken."""
        self._open: list[str] = []
        """Lines of a record whose quote is still open."""
        self._open_characters = 0
        self._to_open_quote = open_quote(delimiter)

    def feed(self, text: str, *, is_last: bool = False) -> Iterator[Record]:
        """Yield the records that are complete with this text; the last call yields what is left.

        Raises `ValueError` for a line that does not end.
        """
        lines = deque((self._rest + text).split("\n"))
        self._rest = lines.pop()
        if is_last and self._rest:
            lines.append(self._rest)
            self._rest = ""
        if len(self._rest) > MOST_RECORD_CHARACTERS:
            raise ValueError(f"line {self._line + len(lines) + 1} is longer than {MOST_RECORD_CHARACTERS:,} characters")
        while lines or (is_last and self._open):
            found = self._next(lines)
            if found is not None:
                yield found

    def _next(self, lines: deque[str]) -> Record | None:
        """Take one line, and return the record it completes, if any."""
        if not lines:
            return self._given_up(lines)
        line = lines.popleft()
        self._line += 1
        if not self._open and not line.strip():
            return None
        is_open = self._stays_open(line)
        self._open.append(line)
        self._open_characters += len(line)
        if is_open:
            return self._given_up(lines) if self._is_too_long() else None
        try:
            cells = self._parsed("\n".join(self._open))
        except csv.Error:
            return self._given_up(lines)
        first, self._open, self._open_characters = self._line - len(self._open) + 1, [], 0
        return Record(first, tuple(cells)) if any(cell.strip() for cell in cells) else None

    def _given_up(self, lines: deque[str]) -> Record:
        """Refuse the first line of what is open, and put the others back to be read anew."""
        first, *others = self._open
        self._open, self._open_characters = [], 0
        self._line -= len(others)
        lines.extendleft(reversed(others))
        is_closed = first.count('"') % 2 == 0
        problem = "text stands after a closing quote" if is_closed else "a quote is opened and never closed"
        return Record(self._line, (), f"{problem}; write a quote inside a field as two")

    def _is_too_long(self) -> bool:
        return len(self._open) > MOST_RECORD_LINES or self._open_characters > MOST_RECORD_CHARACTERS

    def _stays_open(self, line: str) -> bool:
        """Tell whether a quote is open at the end of the line, so that each line is read for it once."""
        if '"' not in line:
            return bool(self._open)
        at = 0
        if self._open:
            closing = _TO_CLOSING_QUOTE.match(line)
            if closing is None:
                return True
            if not line.startswith(self._delimiter, closing.end()):
                return False
            at = closing.end() + 1
        return self._to_open_quote.match(line, at) is not None

    def _parsed(self, text: str) -> list[str]:
        return next(csv.reader([text], delimiter=self._delimiter, strict=True), [])


def open_quote(delimiter: str) -> re.Pattern[str]:
    """Return a pattern of whole fields up to a quote that the line does not close."""
    comma = re.escape(delimiter)
    return re.compile(rf'(?:(?:"(?:[^"]|"")*+"|(?!")[^{comma}]*+){comma})*+"(?:[^"]|"")*+\Z')
