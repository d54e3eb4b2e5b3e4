"""What my-stats shows of many people, counted in one look at one view.

ClickHouse takes longer to understand this question than to answer it for one person, and every comparison of times
adds to that. So what belongs to which period is worked out here, and ClickHouse is told so in two lists.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.tracking.calendar import QUARTER, Period, offsets, periods
from app.tracking.questions import Parameters, by_device, by_hour, by_period
from app.tracking.viewer import Viewer
from clickhouse.client import ClickHouse

QUERY, TO_DATE_QUERY = "user_opens_summary", "user_opens_last_week_to_date"
PERIODS = ("today", "this_week", "last_week", "last_week_to_date", "this_month")
"""In the order of their bits; those of the peak hours' weeks, of the devices' days and of the cut quarter follow."""
_TO_DATE, _PEAK_WEEKS, _DEVICE_DAYS, _CUT = 1 << PERIODS.index("last_week_to_date"), 1 << 5, 1 << 6, 1 << 7

NOTHING: Mapping[str, Any] = {f"{name}_{what}": 0 for name in PERIODS for what in ("opens", "unique")} | {
    "hours": ([], []),
    "devices": ([], []),
    "reasons": ([], []),
    "last_open_at": None,
}
"""What is known of somebody without opens in these weeks."""


async def summaries(
    clickhouse: ClickHouse, viewers: Sequence[Viewer], *, now: datetime
) -> dict[UUID, Mapping[str, Any]]:
    """Return by person `{period}_opens` and `{period}_unique`, and `hours`, `devices`, `reasons`, `last_open_at`.

    The viewers must have their days in common (`Viewer.days`). Who has no opens in these weeks is left out.
    """
    found = {row["user_id"]: _by_period(row) for row in await clickhouse.query(QUERY, question(viewers, now))}
    cut = [user_id for user_id, row in found.items() if row.pop("is_cut")]
    if cut:
        rows = await clickhouse.query(TO_DATE_QUERY, to_date_question(viewers[0], cut, now))
        exact = {row["user_id"]: row for row in rows}
        for user_id in cut:
            row = exact.get(user_id, {"opens": 0, "unique_opens": 0})
            found[user_id] |= {
                "last_week_to_date_opens": row["opens"],
                "last_week_to_date_unique": row["unique_opens"],
            }
    return dict(found)


def question(viewers: Sequence[Viewer], now: datetime) -> Parameters:
    """Return how to ask `user_opens_summary` about people who have their days in common."""
    viewer = viewers[0]
    assert {it.days for it in viewers} == {viewer.days}
    until = periods(now, viewer.zone, viewer.week_start).last_week_to_date.end
    spans = _spans(viewer, now)
    ends = {edge for span in spans for edge in (spans[span].start, spans[span].end)}
    ahead = offsets(spans[_PEAK_WEEKS], viewer.zone)
    edges = sorted(ends | {datetime.fromtimestamp(start, UTC) for start in ahead.starts})
    return {
        "organisation_id": viewer.organisation_id,
        "user_ids": [it.user_id for it in viewers],
        "exclude_bots": viewer.exclude_bots,
        "first_at": edges[0],
        "tomorrow_at": periods(now, viewer.zone, viewer.week_start).today.end,
        "last_week_until_at": until,
        "edges": [int(edge.timestamp()) for edge in edges],
        "periods": [sum(bit for bit, span in spans.items() if span.start <= edge < span.end) for edge in edges],
        "offsets": [ahead.at(int(edge.timestamp())) for edge in edges],
    }


def to_date_question(viewer: Viewer, user_ids: Sequence[UUID], now: datetime) -> Parameters:
    """Return how to ask `user_opens_last_week_to_date` about people who have this viewer's days."""
    asked = by_period(viewer, now)
    names = ("organisation_id", "exclude_bots", "last_week_at", "last_week_until_at")
    return {name: asked[name] for name in names} | {"user_ids": list(user_ids)}


def _spans(viewer: Viewer, now: datetime) -> dict[int, Period]:
    """Return the time of each bit, in whole quarters of an hour."""
    cut = periods(now, viewer.zone, viewer.week_start)
    spans = {1 << bit: getattr(cut, name) for bit, name in enumerate(PERIODS)}
    for bit, asked in ((_PEAK_WEEKS, by_hour(viewer, now)), (_DEVICE_DAYS, by_device(viewer, now))):
        start, end = asked["from_at"], asked["until_at"]
        assert isinstance(start, datetime)
        assert isinstance(end, datetime)
        spans[bit] = Period(start, end)
    to_date = cut.last_week_to_date
    into_quarter = (to_date.end - datetime.fromtimestamp(0, UTC)) % QUARTER
    if into_quarter:
        quarter = to_date.end - into_quarter
        spans[_CUT] = Period(quarter, quarter + QUARTER)
        spans[_TO_DATE] = Period(to_date.start, quarter + QUARTER)
    return spans


def _by_period(row: Mapping[str, Any]) -> dict[str, Any]:
    """Add up the opens of each period; `is_cut` if the view cannot tell those of last week to date.

    It knows of each visitor's opens in a quarter of an hour how many they are and when the last one was. If that is
    after the moment, a single open is after it; of several, only the log knows.
    """
    counts = list(zip(*row["opens_by_periods"], strict=True))
    opens = {
        f"{name}_opens": sum(count for bits, count, _ in counts if bits >> bit & 1) for bit, name in enumerate(PERIODS)
    }
    is_cut = any(bits & _CUT and not bits & _TO_DATE and count > rows for bits, count, rows in counts)
    rest = {name: value for name, value in row.items() if name != "opens_by_periods"}
    return rest | opens | {"is_cut": is_cut}
