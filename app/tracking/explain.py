"""The SQL behind the numbers, with a person's parameters written into it. For reading and pasting: what runs for
the pages is always the file with typed server-side parameters."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from app.tracking import questions
from app.tracking.schemas import ExplainedQuery, Explanation
from app.tracking.viewer import Viewer
from clickhouse.sql_files import NamedQuery

_PARAMETER = re.compile(r"\{(\w+):[^{}]+\}")
DAYS, LIMIT = 30, 20
"""What the page itself asks for."""


def explain(queries: Mapping[str, NamedQuery], viewer: Viewer, *, now: datetime) -> Explanation:
    """Return every query behind my-stats, its chart and the list of opens, as asked at `now`."""
    asked = {
        "user_opens_by_period": questions.by_period(viewer, now),
        "user_opens_by_hour": questions.by_hour(viewer, now),
        "user_opens_by_device": questions.by_device(viewer, now),
        "user_opens_not_counted": questions.not_counted(viewer, now),
        "user_opens_daily": questions.daily([viewer], now, DAYS)[1],
        "user_opens_recent": questions.recent(viewer, LIMIT),
        "last_stored_at": questions.last_stored(viewer),
    }
    return explained(queries, asked)


def explained(queries: Mapping[str, NamedQuery], asked: Mapping[str, Mapping[str, object]]) -> Explanation:
    """Return named queries with what they are asked."""
    return Explanation(queries=[_explained(queries[name], parameters) for name, parameters in asked.items()])


def _explained(query: NamedQuery, parameters: Mapping[str, object]) -> ExplainedQuery:
    literals = {name: literal(value) for name, value in parameters.items()}
    return ExplainedQuery(
        name=query.name,
        answers=query.answers,
        parameters={name: _plain(value) for name, value in parameters.items()},
        sql=_PARAMETER.sub(lambda found: literals[found.group(1)], query.sql),
    )


def literal(value: object) -> str:
    """Write a parameter as a ClickHouse literal of its type. Raises `TypeError` for a type no question uses."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case UUID():
            return f"toUUID('{value}')"
        case datetime():
            return f"toDateTime64('{_plain(value)}', 3, 'UTC')"
        case str():
            escaped = value.replace("\\", "\\\\").replace("'", "\\'")
            return f"'{escaped}'"
        case list():
            return f"[{', '.join(literal(item) for item in value)}]"
    raise TypeError(f"{type(value).__name__} is no parameter of a query")


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        utc = value.astimezone(UTC)
        return f"{utc:%Y-%m-%d %H:%M:%S}.{utc.microsecond // 1000:03d}"
    if isinstance(value, list):
        return f"[{', '.join(_plain(item) for item in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
