"""Where sources of zone data disagree about days of the zones that people use: told by `heliograph verify`.

Information and no drift: every number is reckoned by the one source in use (`zone_data`). A difference says that
another program, or `heliograph sql` with a zone's name, finds other days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select, union

from app.identity.models import Organisation, User
from app.store.database import Database
from app.tracking.calendar import LocalDays, local_days, start_of_day
from app.tracking.zone_data import ZoneData, sources, zone
from clickhouse.client import ClickHouse
from clickhouse.sql_files import read_command

AROUND = timedelta(days=366)
"""So many days before and after today are compared: what is kept, and what is planned."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Days of a zone that begin at another moment by another source; None if that source does not know the zone."""

    zone: str
    source: str
    days: int | None


@dataclass(frozen=True, slots=True)
class ZoneReport:
    """The source in use, like `wheel 2026f`, the others, and where they differ within a year of today."""

    in_use: str
    others: Sequence[str]
    disagreements: Sequence[Disagreement]


async def compare_sources(database: Database, clickhouse: ClickHouse, *, now: datetime) -> ZoneReport:
    """Compare the days of every zone that somebody uses, by all sources there are."""
    async with database.reading() as session:
        used = union(select(Organisation.time_zone), select(User.time_zone))
        names = sorted((await session.scalars(used)).all())
    today = now.astimezone(UTC).date()
    days = {name: local_days(today - AROUND, today + AROUND, zone(name)) for name in names}
    in_use, *others = sources()
    [theirs] = await clickhouse.select(read_command("zone_version"), {"names": names})
    own = f"ClickHouse {theirs['version'] or 'of unknown version'}"
    found = [
        *(Disagreement(name, str(other), _differing(of, other, name)) for other in others for name, of in days.items()),
        *[Disagreement(name, own, await _by_clickhouse(clickhouse, name, days[name])) for name in theirs["known"]],
        *(Disagreement(name, own, None) for name in names if name not in theirs["known"]),
    ]
    return ZoneReport(str(in_use), [*map(str, others), own], [it for it in found if it.days != 0])


def lines(report: ZoneReport) -> Iterable[str]:
    """Yield the report as sentences."""
    yield f"Days are reckoned by the time zone data of {report.in_use}; there are also {', '.join(report.others)}."
    for it in report.disagreements:
        if it.days is None:
            yield f"{it.zone}: {it.source} does not know it."
        else:
            yield f"{it.zone}: by {it.source}, {it.days} days within a year of today begin at another moment."


def _differing(days: LocalDays, other: ZoneData, name: str) -> int | None:
    try:
        theirs: ZoneInfo = other.read(name)
    except ZoneInfoNotFoundError:
        return None
    return sum(_second(day, theirs) != start for start, day in zip(days.starts, days.dates, strict=True))


def _second(day: date, of: ZoneInfo) -> int:
    return int(start_of_day(day, of).timestamp())


async def _by_clickhouse(clickhouse: ClickHouse, name: str, days: LocalDays) -> int:
    asked = {"time_zone": name, "day_starts": list(days.starts), "dates": list(days.dates)}
    [found] = await clickhouse.select(read_command("zone_days_differing"), asked)
    return int(found["days"])
