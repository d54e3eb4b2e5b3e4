"""What is counted of days that are over, kept in the process: only the open day is asked about anew.

What a count says is remembered for good, because a revision never changes what it counted. Which counts hold, and what
views say of parts of days that are over, only until something late is announced, or for five seconds (`Answers`): views
are written one after the other, so that what one of them holds proves nothing about another at that moment.
"""

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

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
        day_starts: tuple[int, ...] = (),
        now: datetime,
    ) -> ClosedParts:
        """Return which counts of these stretches hold; also of local days, if it is said where they start."""
        return await self._answers.remembered(
            organisation_id,
            (closed_parts.QUERY, tuple(stretches), day_starts),
            lambda: closed_parts.closed_parts(clickhouse, organisation_id, stretches, day_starts=day_starts),
            now=now,
            of_closed_days=True,
        )

    async def sums(self, clickhouse: ClickHouse, name: str, parameters: Mapping[str, object]) -> Rows:
        """Return the rows of a question about counted parts alone (`Split.counted_alone`); do not change them."""
        if not parameters["revisions"]:
            return []
        key = _key(name, parameters)
        if key in self._sums:
            self._sums.move_to_end(key)
            return self._sums[key]
        rows = await clickhouse.query(name, parameters)
        if self._sums.setdefault(key, rows) is rows:
            self._rows += len(rows)
        while self._rows > MOST_ROWS and len(self._sums) > 1:
            self._rows -= len(self._sums.popitem(last=False)[1])
        return rows

    async def settled(
        self, clickhouse: ClickHouse, name: str, parameters: Mapping[str, object], *, now: datetime
    ) -> Rows:
        """Return the rows of a question about settled stretches alone (`Split.settled`); do not change them."""
        if not _is_of_any_time(parameters):
            return []
        organisation_id = parameters["organisation_id"]
        assert isinstance(organisation_id, UUID)  # every question about closed days is of one
        return await self._answers.remembered(
            organisation_id,
            _key(name, parameters),
            lambda: clickhouse.query(name, parameters),
            now=now,
            of_closed_days=True,
        )

    @staticmethod
    async def opened(clickhouse: ClickHouse, name: str, parameters: Mapping[str, object]) -> Rows:
        """Return the rows of a question about what is open (`Split.open`), as it is now; none if nothing is."""
        return await clickhouse.query(name, parameters) if _is_of_any_time(parameters) else []


def _is_of_any_time(parameters: Mapping[str, object]) -> bool:
    return any(value for name, value in parameters.items() if name.endswith("_starts"))


def _key(name: str, parameters: Mapping[str, object]) -> Hashable:
    values = ((it, tuple(value) if isinstance(value, list) else value) for it, value in parameters.items())
    return (name, *values)
