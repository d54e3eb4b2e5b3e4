"""CSV that people open in a spreadsheet: nothing in it is a formula, and letters are what they were."""

import csv
import io
from collections.abc import Iterable, Sequence

MEDIA_TYPE = "text/csv; charset=utf-8"
BOM = "\ufeff"
"""Begins the file: without it Excel reads UTF-8 as the code page of its country."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it.

    Numbers stay numbers. See OWASP, CSV injection.
    """
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, str) and text.lstrip(" ").startswith(_FORMULA_STARTS):
        return f"'{text}"
    return text


def lines(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as CSV text with CRLF, as RFC 4180 has it; the caller begins the file with `BOM`."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([neutral(value) for value in row] for row in rows)
    return text.getvalue()
