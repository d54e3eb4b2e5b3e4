"""The newest opens of a person: as they were judged when they came, and what was found about their visitors since.

Two short questions, the second only if one of the opens may have been corrected, take ClickHouse less time than the
one of `user_opens_recent`, which says the same and is shown as SQL.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.tracking import questions
from app.tracking.viewer import Viewer
from clickhouse.client import ClickHouse
from schemas.events import COUNTED_CLASSES

_OF_MACHINES = frozenset({"image_proxy", "privacy_prefetch", "scanner", "link_preview", "crawler"})
"""Whose address is not the reader's (SPEC H7); history may have been judged again since the country was stored."""

Row = Mapping[str, Any]


async def newest_opens(clickhouse: ClickHouse, viewer: Viewer, *, limit: int) -> list[dict[str, Any]]:
    """Return the rows of `user_opens_recent`."""
    rows = await clickhouse.query("user_opens_newest", questions.newest(viewer, limit))
    human = [row for row in rows if row["open_class"] == "human"]
    corrections = {}
    if human:
        found = await clickhouse.query("corrections_of_visitors", _visitors(viewer, human))
        corrections = {row["visitor"]: row["correction"] for row in found}
    return [_judged(row, corrections, exclude_bots=viewer.exclude_bots) for row in rows]


def _visitors(viewer: Viewer, opens: Sequence[Row]) -> questions.Parameters:
    return {
        "organisation_id": viewer.organisation_id,
        "dates": sorted({row["at"].date() for row in opens}),
        "visitors": sorted({row["visitor"].hex().upper() for row in opens}),
    }


def _judged(
    row: Row, corrections: Mapping[bytes, tuple[str, Sequence[str], float]], *, exclude_bots: bool
) -> dict[str, Any]:
    is_corrected = row["open_class"] == "human" and row["visitor"] in corrections
    first = (row["open_class"], row["reasons"], row["confidence"])
    open_class, reasons, confidence = corrections[row["visitor"]] if is_corrected else first
    is_person = open_class in COUNTED_CLASSES and not is_corrected
    return {
        "id": row["id"],
        "at": row["at"],
        "is_corrected": is_corrected,
        "open_class": open_class,
        "is_counted": not row["is_rate_limited"] and (not exclude_bots or is_person),
        "is_rate_limited": row["is_rate_limited"],
        "device": row["device"],
        "country": "" if open_class in _OF_MACHINES else row["country"],
        "reasons": list(reasons),
        "confidence": confidence,
    }
