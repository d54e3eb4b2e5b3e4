"""What each query is asked: random moments, every zone, with bots and without."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from app.tracking.calendar import Period, days_around, start_of_day
from app.tracking.summary import to_date_question
from app.tracking.viewer import Viewer
from app.tracking.zone_data import zone as zone_of
from clickhouse import closed_parts
from clickhouse.closed_parts import Stretch
from clickhouse.known_ids import packed
from tests.fixtures.log import Open
from tests.oracle.random_log import FIRST_DAY, LAST_DAY, ZONES, Log

Parameters = dict[str, Any]
QUARTER = timedelta(minutes=15)
NOBODY = (UUID(int=1), UUID(int=2))


def midnight(day: date, time_zone: str) -> datetime:
    """Return the first moment of a local day."""
    return start_of_day(day, zone_of(time_zone))


def periods(log: Log, chance: random.Random) -> Iterator[Parameters]:
    """Yield the parameters of `user_opens_by_period` for random moments, as the API computes them."""
    for person, zone, exclude_bots in _people_and_zones(log, chance):
        for _ in range(3):
            now = _moment(chance)
            today = now.astimezone(zone_of(zone)).date()
            week = today - timedelta(days=today.weekday())
            yield {
                "organisation_id": person[0],
                "user_id": person[1],
                "exclude_bots": exclude_bots,
                "today_at": midnight(today, zone),
                "tomorrow_at": midnight(today + timedelta(days=1), zone),
                "week_at": midnight(week, zone),
                "last_week_at": midnight(week - timedelta(days=7), zone),
                "last_week_until_at": now - timedelta(days=7),
                "month_at": midnight(today.replace(day=1), zone),
            }


def summaries(log: Log, chance: random.Random) -> Iterator[Parameters]:
    """Yield people with the same days, and random moments; some a week after opens of one visitor in one quarter."""
    twins = [
        (first, second) for first, second in pairwise(sorted(log.opens, key=_quarter)) if _are_twins(first, second)
    ]
    for person, zone, exclude_bots in _people_and_zones(log, chance):
        for locale in ("en-US", "de", "ar-SA"):  # weeks begin on another day in each
            alone = [Viewer(*person, zone, locale, exclude_bots)]
            colleagues = [Viewer(*it, zone, locale, exclude_bots) for it in log.people if it[0] == person[0]]
            yield {"viewers": alone, "now": _moment(chance)}
            yield {"viewers": colleagues or alone, "now": _moment(chance)}
            between = chance.choice(twins)[1].at + timedelta(days=7, milliseconds=chance.randrange(2))
            yield {"viewers": colleagues or alone, "now": between}


def _quarter(o: Open) -> tuple[object, ...]:
    """Return the key of an open's row in the view, and its time."""
    start = o.at.replace(minute=o.at.minute // 15 * 15, second=0, microsecond=0)
    key = (o.organisation_id, o.user_id, start, o.type, o.tracking, str(o.campaign_id), o.open_class, o.device)
    return (*key, o.is_rate_limited, o.visitor, o.at)


def _are_twins(first: Open, second: Open) -> bool:
    return _quarter(first)[:-1] == _quarter(second)[:-1] and first.at < second.at


def _weeks_to_date(log: Log, chance: random.Random) -> Iterator[Parameters]:
    for asked in summaries(log, chance):
        viewers, now = asked["viewers"], asked["now"]
        yield dict(to_date_question(viewers[0], [it.user_id for it in viewers], now))


def ranges(log: Log, chance: random.Random, **more: Any) -> Iterator[Parameters]:
    """Yield local ranges of days: some of four weeks, some short, one empty."""
    for person, zone, exclude_bots in _people_and_zones(log, chance):
        for days in (28, chance.randrange(1, 40), 0):
            first = FIRST_DAY + timedelta(days=chance.randrange((LAST_DAY - FIRST_DAY).days - days))
            asked = {
                "organisation_id": person[0],
                "user_id": person[1],
                "from_at": midnight(first, zone),
                "until_at": midnight(first + timedelta(days=days), zone),
                "time_zone": zone,
                "exclude_bots": exclude_bots,
            }
            yield asked | more


def _days(log: Log, chance: random.Random) -> Iterator[Parameters]:
    for asked in ranges(log, chance):
        alone = [asked.pop("user_id")]
        yield asked | {"user_ids": alone}
        yield asked | {"user_ids": sorted({user_id for _, user_id in log.people})}


def _some_visitors(log: Log, chance: random.Random) -> Iterator[Parameters]:
    for organisation_id in sorted({organisation for organisation, _ in log.people}):
        for count in (1, 30, 500):
            opens = chance.sample(log.opens, count)
            dates, visitors = {o.at.date() for o in opens}, {o.visitor.hex().upper() for o in opens}
            yield {"organisation_id": organisation_id, "dates": sorted(dates), "visitors": sorted(visitors)}


def _without(questions: Iterator[Parameters], *names: str) -> Iterator[Parameters]:
    for asked in questions:
        yield {name: value for name, value in asked.items() if name not in names}


def _people(log: Log, *limits: int) -> Iterator[Parameters]:
    for organisation_id, user_id in [*log.people, NOBODY]:
        person = {"organisation_id": organisation_id, "user_id": user_id}
        if not limits:
            yield person
        for limit in limits:
            for exclude_bots in (True, False):
                yield person | {"limit": limit, "exclude_bots": exclude_bots}


def _ids(log: Log, chance: random.Random) -> Iterator[Parameters]:
    stored = [row.id for row in (*log.opens, *log.drops, *log.reclassifications)]
    unknown = [UUID(int=chance.getrandbits(128)) for _ in range(50)]
    for block in (log.opens[0].block, log.drops[0].block, "a block that is new"):
        yield packed(chance.sample(stored, 900) + unknown) | {"block": block}
        yield packed(unknown) | {"block": block}
    yield packed([]) | {"block": "a block that is new"}


def _blocks(log: Log) -> Iterator[Parameters]:
    for block in [*sorted({row.block for row in log.opens})[:8], "a block that is new"]:
        yield {"block": block}


def _drops(log: Log, chance: random.Random) -> Iterator[Parameters]:
    for organisation_id in (None, *{organisation for organisation, _ in log.people}, NOBODY[0]):
        for asked in ranges(log, chance):
            if asked["user_id"] == log.people[0][1]:
                names = ("from_at", "until_at", "time_zone")
                yield {"organisation_id": organisation_id} | {name: asked[name] for name in names}


def _drops_of_people(log: Log, chance: random.Random) -> Iterator[Parameters]:
    for asked in _without(ranges(log, chance), "time_zone", "exclude_bots", "user_id"):
        users = sorted({user_id for _, user_id in log.people})
        yield asked | {"user_ids": chance.sample(users, chance.randrange(len(users) + 1))}


def _organisation_ranges(log: Log, chance: random.Random) -> Iterator[Parameters]:
    """Yield local ranges of an organisation: of weeks, of days, within one UTC day, empty, and of odd quarters."""
    for asked in _without(ranges(log, chance), "user_id", "time_zone"):
        yield asked
        start = asked["from_at"] + QUARTER * chance.randrange(96)
        yield asked | {"from_at": start, "until_at": start + QUARTER * chance.randrange(120)}


def compared_ranges(log: Log, chance: random.Random) -> Iterator[Parameters]:
    """Yield ranges of an organisation, each with one before it: as long, cut short, or with a gap between."""
    for asked in _organisation_ranges(log, chance):
        start, length = asked["from_at"], asked["until_at"] - asked["from_at"]
        yield asked | {"before_from_at": start - length, "before_until_at": start}
        cut = start - length * chance.random() // QUARTER * QUARTER
        yield asked | {"before_from_at": start - length, "before_until_at": cut}
        gap = start - QUARTER * chance.randrange(100)
        yield asked | {"before_from_at": gap - QUARTER * chance.randrange(300), "before_until_at": gap}


def _spans_to_judge(log: Log, chance: random.Random) -> Iterator[Parameters]:
    """Yield spans of an hour and of days, with each of the rules, both, and none."""
    for hours in (1.5, 1.5, 36, 400):
        for min_people, min_opens in ((2, 0), (0, 2), (3, 3), (1, 1), (0, 0)):
            start = _moment(chance).replace(minute=15 * chance.randrange(4), second=0, microsecond=0)
            yield {
                "from_at": start,
                "until_at": start + timedelta(hours=hours),
                "min_people": min_people,
                "min_opens": min_opens,
            }


def _visitors(log: Log, chance: random.Random) -> Iterator[Parameters]:
    for o in chance.sample(log.opens, 60):
        for hours, limit in ((1, 100), (24, 100), (24, 2)):
            yield {
                "organisation_id": o.organisation_id,
                "visitor_id": o.visitor.hex(),
                "from_at": o.at,
                "until_at": o.at + timedelta(hours=hours),
                "limit": limit,
            }


def _stretches(log: Log, chance: random.Random) -> Iterator[Parameters]:
    """Yield two stretches of an organisation, cut at the midnights of a zone or of UTC alone."""
    for asked in compared_ranges(log, chance):
        stretches = [
            Stretch.of(asked["before_from_at"], asked["before_until_at"]),
            Stretch.of(asked["from_at"], asked["until_at"]),
        ]
        times = [Period(*(datetime.fromtimestamp(edge, UTC) for edge in stretch)) for stretch in stretches]
        starts = days_around(times, zone_of(chance.choice(ZONES))).starts if chance.random() < 0.5 else ()
        yield closed_parts.question(asked["organisation_id"], stretches, day_starts=starts)


def _campaigns(log: Log, chance: random.Random) -> Iterator[Parameters]:
    """Yield campaigns of both organisations, one that exists nowhere, in ranges of days and of odd quarters."""
    for asked in _organisation_ranges(log, chance):
        for campaign_id in (UUID(int=1), UUID(int=2), NOBODY[0], UUID(int=9)):
            yield asked | {"campaign_id": campaign_id}


def _baselines(log: Log, chance: random.Random) -> Iterator[Parameters]:
    """Yield a few stretches of a campaign, and the same some weeks before: touching or not, of everybody or some."""
    for person, _, exclude_bots in _people_and_zones(log, chance):
        edge = int(datetime.combine(FIRST_DAY + timedelta(days=21), datetime.min.time(), UTC).timestamp())
        edges = [edge := edge + 900 * chance.randrange(1, 700) for _ in range(2 * chance.randrange(1, 4))]
        starts, ends = edges[::2], edges[1::2]
        shift = 7 * 86_400 * (1 + (ends[-1] - starts[0]) // (7 * 86_400))
        ids = [[], [person[1]], [user_id for _, user_id in log.people]][chance.randrange(3)]
        yield packed(ids) | {
            "organisation_id": person[0],
            "before": [(start - shift, end - shift) for start, end in zip(starts, ends, strict=True)],
            "during": list(zip(starts, ends, strict=True)),
            "exclude_bots": exclude_bots,
        }


def _open_stretches(log: Log, chance: random.Random) -> Iterator[Parameters]:
    """Yield what is left of two periods that touch: a few stretches, one of them across the edge."""
    for asked in _organisation_ranges(log, chance):
        edge = asked["from_at"]
        stretches = [
            Stretch.of(edge - QUARTER * chance.randrange(200, 300), edge - QUARTER * chance.randrange(100, 200)),
            Stretch.of(edge - QUARTER * chance.randrange(9), edge + QUARTER * chance.randrange(1, 99)),
        ]
        times = {"first_at": edge - QUARTER * 300, "from_at": edge, "until_at": edge + QUARTER * 99}
        yield asked | times | closed_parts.starts_and_ends(stretches)


def _open_campaigns(log: Log, chance: random.Random) -> Iterator[Parameters]:
    """Yield what is left of a campaign and of what it is compared with, of everybody or some."""
    for asked in _baselines(log, chance):
        before, during = asked.pop("before"), asked.pop("during")
        stretches = [Stretch(*it) for it in (*before, *during) if chance.random() < 0.7]
        own = [Stretch(*it) for it in during if chance.random() < 0.7]
        yield (
            asked
            | closed_parts.starts_and_ends(own)
            | closed_parts.starts_and_ends(stretches, name="base")
            | {
                "campaign_id": UUID(int=chance.randrange(1, 3)),
                "time_zone": chance.choice(ZONES),
                "from_at": datetime.fromtimestamp(before[0][0], UTC),
                "until_at": datetime.fromtimestamp(during[-1][1], UTC),
                "during_at": datetime.fromtimestamp(during[0][0], UTC),
            }
        )


def _in_zones(questions: Iterator[Parameters], chance: random.Random) -> Iterator[Parameters]:
    for asked in questions:
        yield asked | {"time_zone": chance.choice(ZONES)}


def _people_and_zones(log: Log, chance: random.Random) -> Iterator[tuple[tuple[UUID, UUID], str, bool]]:
    for zone in chance.sample(ZONES, 5):  # all of them over all questions; five keep each quick
        for person in chance.sample(log.people, 2):
            for exclude_bots in (True, False):
                yield person, zone, exclude_bots


def _moment(chance: random.Random) -> datetime:
    start = datetime.combine(FIRST_DAY + timedelta(days=14), datetime.min.time(), UTC)
    length = (LAST_DAY - FIRST_DAY).days - 15
    moment = start + timedelta(milliseconds=chance.randrange(length * 86_400_000))
    if chance.random() < 0.3:  # exactly at a bucket's edge
        moment = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    return moment


QUESTIONS: dict[str, Callable[[Log, random.Random], Iterator[Parameters]]] = {
    "user_opens_by_period": periods,
    "user_opens_summary": summaries,
    "user_opens_last_week_to_date": _weeks_to_date,
    "user_opens_daily": _days,
    "user_opens_by_hour": lambda log, chance: ranges(log, chance, limit=3),
    "user_opens_by_device": lambda log, chance: _without(ranges(log, chance), "time_zone"),
    "user_opens_not_counted": lambda log, chance: _without(ranges(log, chance), "time_zone"),
    "user_opens_recent": lambda log, chance: _people(log, 1, 20, 500),
    "user_opens_newest": lambda log, chance: _without(_people(log, 1, 20, 500), "exclude_bots"),
    "corrections_of_visitors": _some_visitors,
    "closed_parts": _stretches,
    "organisation_opens_by_user": compared_ranges,
    "organisation_opens_open": _open_stretches,
    "campaign_open": _open_campaigns,
    "campaign_opens_by_user": _campaigns,
    "campaign_opens_daily": lambda log, chance: _in_zones(_campaigns(log, chance), chance),
    "campaign_baseline_by_user": _baselines,
    "campaign_baseline_daily": lambda log, chance: _in_zones(_baselines(log, chance), chance),
    "campaign_drops": lambda log, chance: _without(_campaigns(log, chance), "until_at", "exclude_bots"),
    "last_stored_at": lambda log, chance: _people(log),
    "known_ids": _ids,
    "rows_of_block": lambda log, chance: _blocks(log),
    "hits_ended": lambda log, chance: ({"first_id": UUID(int=chance.getrandbits(128))} for _ in range(5)),
    "drops_by_reason": _drops,
    "drops_by_user": _drops_of_people,
    "stored_counts": lambda log, chance: iter([{}]),
    "behaviour_candidates": _spans_to_judge,
    "behaviour_hits": _visitors,
}
