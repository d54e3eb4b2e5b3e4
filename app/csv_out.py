"""CSV that people open in a spreadsheet and send back: nothing in it is a formula, all is read as it was written."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

MEDIA_TYPE = "text/csv; charset=utf-8"
BOM = "\ufeff"
"""Begins the file: without it Excel reads UTF-8 as the code page of its country."""
_GUARDED = re.compile(r"'*[ \u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]*[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet takes for a formula, and what looks like our guard before one: that gets another guard, so that
taking one away always gives back what was written."""
_QUOTED = re.compile(rb'"((?:[^"]|"")*+)"')


def neutral(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it.

    Numbers stay numbers. `original` takes the apostrophe away. See OWASP, CSV injection.
    """
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and _GUARDED.match(value) else str(value)


def original(cell: str) -> str:
    """Return the text behind a cell that `neutral` made: for every text, `original(neutral(text)) == text`."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell, 1) else cell


def lines(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV text with CRLF, as RFC 4180 has it; the caller begins the file with `BOM`."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([neutral(value) for value in row] for row in rows)
    return text.getvalue()


def neutral_csv(content: bytes) -> bytes:
    """Return CSV that another program wrote with all its texts in quotes, with each of them as `neutral` has it.

    What stands outside of quotes is a number and stays; bytes that are no UTF-8 stay what they are.
    """

    def cell(found: re.Match[bytes]) -> bytes:
        text = found[1].decode("utf-8", "surrogateescape").replace('""', '"')
        return b'"%b"' % neutral(text).replace('"', '""').encode("utf-8", "surrogateescape")

    return _QUOTED.sub(cell, content)
