"""Keeps ad-hoc queries to the tables of ClickHouse: `readonly` lets more through than that.

A query is judged in ClickHouse's own notation (`formatQuery`): without comments, names unquoted where possible, strings
in one form, so that no way of writing hides a name from us.
"""

import re

from clickhouse.client import ClickHouse
from clickhouse.errors import ClickHouseQueryError, ReadOnlyError
from clickhouse.sql_files import read_command, without_quotes, without_strings

HARMLESS_TABLE_FUNCTIONS = frozenset(
    {"dictionary", "format", "generate_series", "generaterandom", "generateseries", "loop", "merge", "mergetreeindex"}
    | {"null", "numbers", "numbers_mt", "primes", "values", "view", "viewexplain", "zeros", "zeros_mt"}
)
"""What may stand behind FROM besides tables, in lower case: they take from ClickHouse itself, or from nowhere."""

_KILL = re.compile(r"\bKILL\s+\w", re.IGNORECASE)
_FILE = re.compile(r"\bfile\b")
_CALL = re.compile(r"\b(?P<name>\w+)\s*\(")


async def is_only_reading(clickhouse: ClickHouse, statement: str) -> bool:
    """Return False if the query does not parse: then nobody knows what it does, and ClickHouse should say why.

    Raises `ReadOnlyError` for a query that ends others', reads a file or asks another host:
    - `KILL`: all processes of the product are one user of ClickHouse.
    - `file`: the function of this name reads any file, also where only its name is given (`APPLY file`).
    - Table functions: `readonly` forbids to read from them, but not to look at their columns (`DESCRIBE`, `EXPLAIN`),
      for which the file or the host is asked all the same.
    """
    try:
        [judged] = await clickhouse.select(read_command("ad_hoc_query"), {"statement": statement})
    except ClickHouseQueryError:
        return False
    formatted = str(judged["formatted"])
    if _KILL.search(without_quotes(formatted)):
        raise _refusal("KILL would end queries of the product itself.")
    words = without_strings(formatted).replace("`", "")
    if _FILE.search(words):
        raise _refusal("The function `file` reads files of the machine (a column of this name needs another one).")
    for call in _CALL.finditer(words):
        name = call["name"].lower()
        if name in judged["table_functions"] and name not in HARMLESS_TABLE_FUNCTIONS:
            raise _refusal(f"The table function `{call['name']}` reads outside of ClickHouse.")
    return True


def _refusal(reason: str) -> ReadOnlyError:
    return ReadOnlyError(f"{reason} (READONLY)", code=164, name="READONLY")
