"""What is counted of days that are over, kept in the process: only the open day is asked about anew.

Three things are remembered. Which counts hold is looked at once in a while (`Answers`: until something late is
announced). What a count says is remembered for good, because a revision never changes what it counted. And what views
say of parts of days that are over: for as long as they hold as many opens and corrections, and were not rewritten.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.answers import Answers
from clickhouse import closed_parts
from clickhouse.client import ClickHouse
from clickhouse.closed_parts import ClosedParts, Stretch

MOST_ROWS = 200_000
"""Remembered of all questions together, about 80 MB."""

Rows = Sequence[Mapping[str, Any]]


class ClosedDays:
    """Belongs to one event loop."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._sums: OrderedDict[Hashable, Rows] = OrderedDict()
        self._rows = 0

    async def look(
        self,
        clickhouse: ClickHouse,
        organisation_id: UUID,
        stretches: Sequence[Stretch],
        *,
        zone: ZoneInfo | None = None,
        now: datetime,
    ) -> ClosedParts:
        """Return which counts of these stretches hold."""
        return await self._answers.remembered(
            organisation_id,
            (closed_parts.QUERY, tuple(stretches), zone),
            lambda: closed_parts.closed_parts(clickhouse, organisation_id, stretches, zone=zone),
            now=now,
            of_closed_days=True,
        )

    async def sums(self, clickhouse: ClickHouse, name: str, parameters: Mapping[str, object]) -> Rows:
        """Return the rows of a question about counted parts alone (`Split.counted_alone`); do not change them."""
        return await self._remembered(clickhouse, name, parameters) if parameters["revisions"] else []

    async def settled(self, clickhouse: ClickHouse, name: str, parameters: Mapping[str, object], as_: Hashable) -> Rows:
        """Return the rows of a question about settled stretches alone (`Split.settled`, `settled_as`); as above."""
        is_asked = any(value for it, value in parameters.items() if it.endswith("_starts"))
        return await self._remembered(clickhouse, name, parameters, as_) if is_asked else []

    async def _remembered(
        self, clickhouse: ClickHouse, name: str, parameters: Mapping[str, object], as_: Hashable = None
    ) -> Rows:
        values = ((it, tuple(value) if isinstance(value, list) else value) for it, value in parameters.items())
        key = (name, as_, *values)
        if key in self._sums:
            self._sums.move_to_end(key)
            return self._sums[key]
        rows = await clickhouse.query(name, parameters)
        if self._sums.setdefault(key, rows) is rows:
            self._rows += len(rows)
        while self._rows > MOST_ROWS and len(self._sums) > 1:
            self._rows -= len(self._sums.popitem(last=False)[1])
        return rows
