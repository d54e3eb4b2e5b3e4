"""Tells a question which parts of its stretches of time are counted already, so that it reads only the rest from views.

What was counted (`closed_days`) is a memo: a part of it holds only while the views still have as many opens of that
part, and its day as many corrections, as were counted. That is looked at anew for every question.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, Self
from uuid import UUID

from clickhouse.client import ClickHouse

QUERY = "closed_parts"
MOST_CUTS = 9_000
"""More make too long a parameter (eight years of days); then everything is read from the views."""
_DAY_SECONDS = 86_400


class Stretch(NamedTuple):
    """A stretch of time, half open, in seconds since the epoch that are multiples of 15 minutes."""

    start: int
    end: int

    @classmethod
    def of(cls, start: datetime, end: datetime) -> Self:
        """Take the seconds of two moments."""
        return cls(int(start.timestamp()), int(end.timestamp()))


@dataclass(frozen=True, slots=True)
class Split:
    """Stretches of time as a question reads them: what is counted, what is settled, and what is open.

    `revisions` count whole parts of UTC days, `cut_revisions` the same time cut where local days start, so that each
    lies in one of them (without local days they are the same). What a revision counts never changes.
    """

    revisions: list[int]
    cut_revisions: list[int]
    counted: Stretch
    """Around all that is counted; empty if nothing is."""
    settled: list[Stretch]
    """Of days that are over, and not counted: where a period or a run begins or ends within a day."""
    open: list[Stretch]

    @property
    def left(self) -> list[Stretch]:
        """All that is to be read from the views."""
        return _merged([*self.settled, *self.open])

    def parameters(self, *, is_cut: bool = False) -> dict[str, object]:
        """Return the parameters of a question that reads everything."""
        return {"revisions": self.cut_revisions if is_cut else self.revisions} | starts_and_ends(self.left)

    def counted_alone(self, *, is_cut: bool = False) -> dict[str, object]:
        """Return the parameters of a question that reads what is counted, and nothing of the views."""
        return {"revisions": self.cut_revisions if is_cut else self.revisions} | starts_and_ends([])


def starts_and_ends(stretches: Sequence[Stretch], *, name: str = "open") -> dict[str, object]:
    """Return the parameters that say where the stretches start and end that are to be read from the views."""
    return {f"{name}_starts": [it.start for it in stretches], f"{name}_ends": [it.end for it in stretches]}


@dataclass(frozen=True, slots=True)
class ClosedParts:
    """The counts that hold at the moment of one look."""

    counted: Mapping[Stretch, tuple[int, int, int]]
    """Part → revision, hits, corrections of its day."""
    held: Mapping[int, int]
    """Cut → how many opens the views hold before it."""
    corrections: Mapping[int, int]
    """Start of a UTC day → its corrections, where there are some."""

    def split(
        self, stretches: Iterable[Stretch], *, day_starts: Sequence[int] = (), today: datetime | None = None
    ) -> Split:
        """Tell of these stretches what is counted; with local days only where also the parts of those are.

        What is over is settled; without `today` (a moment of the present UTC day) nothing is.
        """
        whole: list[int] = []
        cut: list[int] = []
        counted: list[Stretch] = []
        settled: list[Stretch] = []
        left: list[Stretch] = []
        over = int(today.timestamp()) // _DAY_SECONDS * _DAY_SECONDS if today is not None else 0
        for part in (part for stretch in sorted(stretches) for part in _parts(stretch, ())):
            revision = self._revision(part)
            of_days = [self._revision(it) for it in _parts(part, day_starts)] if day_starts else [revision]
            known = [it for it in of_days if it is not None]
            if revision is not None and len(known) == len(of_days):
                whole.append(revision)
                cut.extend(known)
                counted.append(part)
            elif part.end <= over:
                settled.append(part)
            else:
                left.append(part)
        around = Stretch(counted[0].start, counted[-1].end) if counted else Stretch(0, 0)
        return Split(whole, cut, around, _merged(settled), _merged(left))

    def _revision(self, part: Stretch) -> int | None:
        counted = self.counted.get(part)
        if counted is None:
            return None
        revision, hits, corrections = counted
        day = part.start // _DAY_SECONDS * _DAY_SECONDS
        before, after = self.held.get(part.start), self.held.get(part.end)
        if before is None or after is None:
            return None  # nobody looked there
        return revision if after - before == hits and corrections == self.corrections.get(day, 0) else None


async def closed_parts(
    clickhouse: ClickHouse, organisation_id: UUID, stretches: Sequence[Stretch], *, day_starts: Sequence[int] = ()
) -> ClosedParts:
    """Look at what is counted of these stretches; `split` may then be asked about them, with local days or without.

    `day_starts` are where local days start within the stretches, in seconds, ascending, multiples of 15 minutes.
    """
    asked = question(organisation_id, stretches, day_starts=day_starts)
    return read(await clickhouse.query(QUERY, asked), asked)


def question(organisation_id: UUID, stretches: Sequence[Stretch], *, day_starts: Sequence[int] = ()) -> dict[str, Any]:
    """Return what `closed_parts` is asked about these stretches."""
    cuts = sorted({edge for stretch in stretches for part in _parts(stretch, day_starts) for edge in part})
    if not 0 < len(cuts) <= MOST_CUTS:
        cuts = [0]
    return {
        "organisation_id": organisation_id,
        "from_at": datetime.fromtimestamp(cuts[0], UTC),
        "until_at": datetime.fromtimestamp(cuts[-1], UTC),
        "cuts": cuts,
    }


def read(rows: Iterable[Mapping[str, Any]], asked: Mapping[str, Any]) -> ClosedParts:
    """Read the rows of the question."""
    cuts: list[int] = asked["cuts"]
    counted: dict[Stretch, tuple[int, int, int]] = {}
    corrections: dict[int, int] = {}
    between = dict.fromkeys(cuts, 0)
    for row in rows:
        match row["kind"]:
            case "counted":
                counted[Stretch(row["start"], row["end"])] = (row["revision"], row["hits"], row["corrections"])
            case "held":
                between[row["start"]] = row["hits"]
            case "corrected":
                corrections[row["start"]] = row["corrections"]
    held = dict(zip(cuts, accumulate(between.values(), initial=0), strict=False))
    return ClosedParts(counted, held, corrections)


def _parts(stretch: Stretch, day_starts: Sequence[int]) -> list[Stretch]:
    if stretch.start >= stretch.end:
        return []
    first = stretch.start // _DAY_SECONDS * _DAY_SECONDS
    edges = {*stretch, *range(first, stretch.end, _DAY_SECONDS)}
    edges.update(day_starts[bisect_left(day_starts, stretch.start) : bisect_right(day_starts, stretch.end)])
    inside = sorted(edge for edge in edges if stretch.start <= edge <= stretch.end)
    return [Stretch(start, end) for start, end in pairwise(inside)]


def _merged(parts: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches in order, those that touch as one."""
    merged: list[Stretch] = []
    for part in sorted(parts):
        if merged and merged[-1].end == part.start:
            merged[-1] = Stretch(merged[-1].start, part.end)
        else:
            merged.append(part)
    return merged
