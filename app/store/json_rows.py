"""All rows of a question as one text, made by the store itself.

A few thousand rows cost the process many times what the text costs, and two texts that are equal say that nothing
has changed: whoever remembers what was made of the last one need not make it again.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class JsonRows(FunctionElement[str]):
    """`JsonRows(a, b)`: a JSON list with a list `[a, b]` for each row, in the store's order; `[]` without rows.

    Values are as the store writes them: an id with or without dashes, a moment as ISO 8601 (UTC where it names no
    zone), a boolean as itself or as 0 and 1.
    """

    name = "json_rows"
    type = Text()
    inherit_cache = True


@compiles(JsonRows, "sqlite")
def _on_sqlite(rows: JsonRows, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(rows.clauses, **options)}))"


@compiles(JsonRows, "postgresql")
def _on_postgresql(rows: JsonRows, compiler: SQLCompiler, **options: Any) -> str:
    return f"coalesce(json_agg(json_build_array({compiler.process(rows.clauses, **options)}))::text, '[]')"


def moment(text: str) -> datetime:
    """Return a moment that was written so, aware UTC."""
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
