"""Asks a query as the API does: of the questions over closed days, first which parts of their time are counted."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from clickhouse.client import ClickHouse
from clickhouse.closed_parts import Stretch, closed_parts

Parameters = dict[str, Any]
_STRETCHES: dict[str, Callable[[Parameters], list[Stretch]]] = {
    "organisation_opens_by_user": lambda asked: [
        Stretch.of(asked["before_from_at"], asked["before_until_at"]),
        Stretch.of(asked["from_at"], asked["until_at"]),
    ],
    "campaign_opens_by_user": lambda asked: [Stretch.of(asked["from_at"], asked["until_at"])],
    "campaign_opens_daily": lambda asked: [Stretch.of(asked["from_at"], asked["until_at"])],
    "campaign_baseline_by_user": lambda asked: [Stretch(*it) for it in (*asked["before"], *asked["during"])],
    "campaign_baseline_daily": lambda asked: [Stretch(*it) for it in (*asked["before"], *asked["during"])],
}


async def answer(clickhouse: ClickHouse, name: str, asked: Parameters) -> list[dict[str, Any]]:
    """Return the rows of a query for the parameters of its recount."""
    if name not in _STRETCHES:
        return await clickhouse.query(name, asked)
    stretches = _STRETCHES[name](asked)
    zone = ZoneInfo(asked["time_zone"]) if "time_zone" in asked else None
    closed = await closed_parts(clickhouse, asked["organisation_id"], stretches, zone=zone)
    known = asked | closed.split(stretches, zone=zone)
    if name == "organisation_opens_by_user":
        known["first_at"] = known.pop("before_from_at")
        del known["before_until_at"]
    if "during" in known:
        begins, ends = [start for start, _ in known.pop("before")], [end for _, end in asked["during"]]
        known["during_at"] = _moment(known.pop("during")[0][0])
        known |= {"from_at": _moment(begins[0]), "until_at": _moment(ends[-1])}
    return await clickhouse.query(name, known)


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, ZoneInfo("UTC"))
