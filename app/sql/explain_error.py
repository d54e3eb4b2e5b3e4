"""An error of ClickHouse as a person reads it: the sentence, and the place in their query it means."""

from clickhouse.errors import (
    ClickHouseQueryError,
    OutOfMemoryError,
    QueryTimedOutError,
    ReadOnlyError,
)

_ADVICE: dict[type[ClickHouseQueryError], str] = {
    QueryTimedOutError: "Ask for less (a shorter period, fewer columns), or raise SQL_TIME_LIMIT_SECONDS.",
    ReadOnlyError: "Only reading is allowed here, and settings cannot be changed.",
    OutOfMemoryError: "Ask for less at once, or aggregate before joining and sorting.",
}


def explain_error(sql: str, error: ClickHouseQueryError) -> str:
    """Return ClickHouse's sentence, the line it means with a mark under the place, and what to do if we know."""
    parts = [f"{error.name} ({error.code}): {error.message}"]
    if error.position is not None and (marked := _marked(sql, error.position)):
        parts.append(marked)
    if advice := _ADVICE.get(type(error)):
        parts.append(advice)
    return "\n".join(parts)


def _marked(sql: str, position: int) -> str:
    """Return the line that holds the 1-based position (in bytes, as ClickHouse counts) and a caret below it."""
    before = sql.strip().encode()[: position - 1].decode(errors="ignore")
    text = sql.strip()
    start = before.rfind("\n") + 1
    end = text.find("\n", len(before))
    line = text[start : end if end != -1 else len(text)]
    return f"  {line}\n  {' ' * (len(before) - start)}^"
