"""Which parts of the log behaviour rules look at: what is new since the last time, and hours something came late to."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.store.database import Database
from app.store.watermarks import note
from streams.rows import Rows

LATE = timedelta(minutes=10)
"""An open that is stored later than this after it happened is late: its hour is written down, to be looked at again."""
OVERLAP = timedelta(minutes=20)
"""Each look begins so long before the last one: what was stored meanwhile without being late lies within."""
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
FOR_EVER = datetime(2100, 1, 1, tzinfo=UTC)
"""The last span has no end: a collector's clock may be ahead of ours."""
LATE_HOUR = "behaviour_hour:"
"""Name of the note of an hour; behind it whole hours since the epoch."""


@dataclass(frozen=True, slots=True)
class Span:
    """Opens from `from_at` to `until_at`, with so much around them that no ten seconds are cut."""

    from_at: datetime
    until_at: datetime

    @property
    def around(self) -> tuple[datetime, datetime]:
        """The quarters of an hour that hold the span and its neighbours."""
        end = _quarter(self.until_at + QUARTER - timedelta.resolution)
        return _quarter(self.from_at) - QUARTER, min(end + QUARTER, FOR_EVER)


def spans(since: datetime, now: datetime) -> Sequence[Span]:
    """Cut what is new since the last look into spans of an hour at most; the last one has no end."""
    cut = []
    begin = min(since, now) - OVERLAP
    while begin + HOUR < now:
        cut.append(Span(begin, begin + HOUR))
        begin += HOUR
    return [*cut, Span(begin, FOR_EVER)]


def late_notes(rows: Rows, now: datetime) -> list[str]:
    """Return the names of the notes for a block: the hours of its opens that are late."""
    return [f"{LATE_HOUR}{hour}" for hour in rows.hours_before(int((now - LATE).timestamp() * 1000))]


def hour_of(name: str) -> Span:
    """Return the span of a note."""
    begin = _EPOCH + int(name.removeprefix(LATE_HOUR)) * HOUR
    return Span(begin, begin + HOUR)


def late_noter(database: Database, clock: Callable[[], datetime]) -> Callable[[Rows], Awaitable[None]]:
    """Return what the store calls with a block that is in ClickHouse: costs nothing where nothing is late."""

    async def note_late(rows: Rows) -> None:
        if names := late_notes(rows, clock()):
            await note(database, names)

    return note_late


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _quarter(moment: datetime) -> datetime:
    return moment - (moment - _EPOCH) % QUARTER
