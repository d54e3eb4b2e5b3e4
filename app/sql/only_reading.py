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

_TAKE_NAMES_AS_TEXT = frozenset({"hascolumnintable", "loop", "merge", "mergetreeindex", "joinget", "joingetornull"})
"""Functions that take the name of a table from a text, which may be put together."""

_KILL = re.compile(r"\bKILL\s+\w", re.IGNORECASE)
_FILE = re.compile(
    r"\bfile\s*+\(|\bAPPLY\s*+\(?\s*+file\b|\b(?:array|map)\w++\s*+\((?:\s*+\()*+\s*+file\b", re.IGNORECASE
)
"""`file` as a function: called, applied, or the first argument of a function of higher order. Anywhere else it is the
name of a column or a table."""
_WORD = re.compile(r"\w++")
_CALL = re.compile(r"\b(?P<name>\w+)\s*\(")


async def checked_query(clickhouse: ClickHouse, statement: str) -> str | None:
    """Return the query in ClickHouse's notation, without its strings.

    None if it does not parse: then nobody knows what it does, and ClickHouse should say why.

    Raises `ReadOnlyError` for a query that ends others', reads a file or asks another host:
    - `KILL`: all processes of the product are one user of ClickHouse.
    - `file`: the function of this name reads any file, also where only its name is given (`APPLY file`).
    - Databases that show files or other servers as tables, such as the `default` of an engine in process.
    - Table functions: `readonly` forbids to read from them, but not to look at their columns (`DESCRIBE`, `EXPLAIN`),
      for which the file or the host is asked all the same.
    """
    try:
        [judged] = await clickhouse.select(read_command("ad_hoc_query"), {"statement": statement})
    except ClickHouseQueryError:
        return None
    formatted = str(judged["formatted"])
    if _KILL.search(without_quotes(formatted)):
        raise _refusal("KILL would end queries of the product itself.")
    words = without_strings(formatted).replace("`", "")
    if _FILE.search(words):
        raise _refusal("The function `file` reads files of the machine.")
    foreign = set(map(str, judged["foreign_databases"]))
    if named := foreign.intersection(_WORD.findall(words)):
        raise _refusal(f"The database `{named.pop()}` shows what lies outside of ClickHouse.")
    for call in _CALL.finditer(words):
        name = call["name"].lower()
        if foreign and name in _TAKE_NAMES_AS_TEXT:
            raise _refusal(f"`{call['name']}` could name a database that shows what lies outside of ClickHouse.")
        if name in judged["table_functions"] and name not in HARMLESS_TABLE_FUNCTIONS:
            raise _refusal(f"The table function `{call['name']}` reads outside of ClickHouse.")
    return words


def _refusal(reason: str) -> ReadOnlyError:
    return ReadOnlyError(f"{reason} (READONLY)", code=164, name="READONLY")
