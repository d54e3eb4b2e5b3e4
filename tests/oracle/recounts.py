"""The answer of every named query, counted in plain Python over the rows of the log: one function of its name each.

A recount takes the query's own parameters and returns the rows it must return. It knows no bucket and no view.
"""

from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.tracking import questions
from app.tracking.viewer import Viewer
from app.tracking.zone_data import zone as zone_of
from schemas.events import COUNTED_CLASSES
from tests.fixtures.log import Open, Reclassified
from tests.oracle.random_log import Log

Rows = list[dict[str, Any]]


def user_opens_by_period(log: Log, *, exclude_bots: bool, organisation_id: UUID, user_id: UUID, **at: datetime) -> Rows:
    ranges = {
        "today": (at["today_at"], at["tomorrow_at"]),
        "this_week": (at["week_at"], at["tomorrow_at"]),
        "last_week": (at["last_week_at"], at["week_at"]),
        "last_week_to_date": (at["last_week_at"], at["last_week_until_at"]),
        "this_month": (at["month_at"], at["tomorrow_at"]),
    }
    counted = [o for o in _of_person(log, organisation_id, user_id) if _is_counted(log, o, exclude_bots)]
    rows = []
    for period, (start, end) in ranges.items():
        within = [o for o in counted if start <= o.at < end]
        rows.append({"period": period, "opens": len(within), "unique_opens": len({o.visitor for o in within})})
    return rows


def user_opens_daily(
    log: Log, *, time_zone: str, exclude_bots: bool, organisation_id: UUID, user_ids: list[UUID], **between: datetime
) -> Rows:
    days: dict[Any, list[Open]] = defaultdict(list)
    for user_id in user_ids:
        for o in _in_range(log, organisation_id=organisation_id, user_id=user_id, **between):
            if _is_counted(log, o, exclude_bots):
                days[user_id, o.at.astimezone(zone_of(time_zone)).date()].append(o)
    rows = [
        {"user_id": user_id, "date": day, "opens": len(opens), "unique_opens": len({o.visitor for o in opens})}
        for (user_id, day), opens in sorted(days.items(), key=lambda item: item[0][1])
    ]
    return sorted(rows, key=_by_user_id)


def user_opens_by_hour(log: Log, *, time_zone: str, exclude_bots: bool, limit: int, **asked: Any) -> Rows:
    zone = zone_of(time_zone)
    opens: Counter[tuple[int, int]] = Counter()
    for o in _in_range(log, **asked):
        if _is_counted(log, o, exclude_bots):
            local = o.at.astimezone(zone)
            opens[(local.isoweekday(), local.hour)] += 1
    weekdays: Counter[int] = Counter()
    day, end = asked["from_at"].astimezone(zone).date(), asked["until_at"].astimezone(zone).date()
    while day < end:
        weekdays[day.isoweekday()] += 1
        day += timedelta(days=1)
    rows = [
        {"weekday": weekday, "hour": hour, "average_opens": count / weekdays[weekday]}
        for (weekday, hour), count in opens.items()
    ]
    return sorted(rows, key=lambda row: (-row["average_opens"], row["weekday"], row["hour"]))[:limit]


def user_opens_by_device(log: Log, *, exclude_bots: bool, **asked: Any) -> Rows:
    counts = Counter(o.device for o in _in_range(log, **asked) if _is_counted(log, o, exclude_bots))
    return [{"device": device, "opens": opens} for device, opens in _most_first(counts)]


def user_opens_not_counted(log: Log, *, exclude_bots: bool, **asked: Any) -> Rows:
    counts = Counter(
        "rate_limited" if o.is_rate_limited else _class_of(log, o)
        for o in _in_range(log, **asked)
        if not _is_counted(log, o, exclude_bots)
    )
    return [{"reason": reason, "opens": opens} for reason, opens in _most_first(counts)]


def user_opens_summary(log: Log, *, viewers: list[Viewer], now: datetime) -> Rows:
    rows = [_summary(log, viewer, now) for viewer in viewers]
    return sorted((row for row in rows if row["last_open_at"] is not None), key=_by_user_id)


def _summary(log: Log, viewer: Viewer, now: datetime) -> dict[str, Any]:
    by_period: dict[str, Any] = dict(questions.by_period(viewer, now))
    row: dict[str, Any] = {"user_id": viewer.user_id}
    for period in user_opens_by_period(log, **by_period):
        row[f"{period['period']}_opens"] = period["opens"]
        row[f"{period['period']}_unique"] = period["unique_opens"]
    told = ("offset_starts", "offsets", "weekdays")  # the recount reckons itself
    hours: dict[str, Any] = {name: it for name, it in questions.by_hour(viewer, now).items() if name not in told}
    hours |= {"time_zone": viewer.time_zone, "limit": 168}
    by_hour = user_opens_by_hour(log, **hours)
    weeks = questions.PEAK_WEEKS
    row["hours"] = _map({24 * it["weekday"] + it["hour"]: round(it["average_opens"] * weeks) for it in by_hour})
    devices: dict[str, Any] = dict(questions.by_device(viewer, now))
    row["devices"] = _map({it["device"]: it["opens"] for it in user_opens_by_device(log, **devices)})
    person = {"organisation_id": viewer.organisation_id, "user_id": viewer.user_id}
    reasons: Counter[str] = Counter()
    for o in _in_range(log, **person, from_at=by_period["week_at"], until_at=by_period["tomorrow_at"]):
        if not _is_counted(log, o, viewer.exclude_bots):
            is_corrected = _correction(log, o) is not None
            reasons["rate_limited" if o.is_rate_limited else "corrected" if is_corrected else o.open_class] += 1
    row["reasons"] = _map(reasons)
    starts = (by_period["month_at"], by_period["last_week_at"], hours["from_at"], devices["from_at"])
    times = [o.at for o in _in_range(log, **person, from_at=min(starts), until_at=by_period["tomorrow_at"])]
    return row | {"last_open_at": max(times, default=None)}


def user_opens_last_week_to_date(
    log: Log,
    *,
    organisation_id: UUID,
    user_ids: list[UUID],
    exclude_bots: bool,
    last_week_at: datetime,
    last_week_until_at: datetime,
) -> Rows:
    rows = []
    for user_id in user_ids:
        opens = [
            o
            for o in _in_range(
                log,
                organisation_id=organisation_id,
                user_id=user_id,
                from_at=last_week_at,
                until_at=last_week_until_at,
            )
            if _is_counted(log, o, exclude_bots)
        ]
        if opens:
            unique = len({o.visitor for o in opens})
            rows.append({"user_id": user_id, "opens": len(opens), "unique_opens": unique})
    return sorted(rows, key=_by_user_id)


def _by_user_id(row: dict[str, Any]) -> tuple[int, int]:
    """Order as ClickHouse does: UUIDs by their second half first."""
    number = row["user_id"].int
    return number & (2**64 - 1), number >> 64


def _map(counts: dict[Any, int]) -> tuple[list[Any], list[int]]:
    """Return counts as ClickHouse's maps of sums: sorted keys, and their values."""
    keys = sorted(counts)
    return keys, [counts[key] for key in keys]


def user_opens_recent(log: Log, *, organisation_id: UUID, user_id: UUID, exclude_bots: bool, limit: int) -> Rows:
    # ClickHouse orders UUIDs by their second half
    newest = sorted(
        _of_person(log, organisation_id, user_id),
        key=lambda o: (o.at, o.id.int & (2**64 - 1), o.id.int >> 64),
        reverse=True,
    )
    return [
        {
            "id": o.id,
            "at": o.at,
            "is_corrected": (found := _correction(log, o)) is not None,
            "open_class": _class_of(log, o),
            "is_counted": _is_counted(log, o, exclude_bots),
            "is_rate_limited": o.is_rate_limited,
            "device": o.device,
            "country": o.country if _class_of(log, o) in ("human", "self", "script") else "",
            "reasons": list((found or o).reasons),
            "confidence": (found or o).confidence,
        }
        for o in newest[:limit]
    ]


def user_opens_newest(log: Log, **asked: Any) -> Rows:
    stored = {o.id: o for o in log.opens}
    rows = []
    for recent in user_opens_recent(log, exclude_bots=True, **asked):
        o = stored[recent["id"]]
        row = {name: recent[name] for name in ("id", "at", "is_rate_limited", "device")}
        judged = {"open_class": o.open_class, "reasons": list(o.reasons), "confidence": o.confidence}
        rows.append(row | judged | {"visitor": o.visitor, "country": o.country})
    return rows


def corrections_of_visitors(log: Log, *, organisation_id: UUID, dates: list[date], visitors: list[str]) -> Rows:
    return [
        {"visitor": visitor, "correction": (found.open_class, list(found.reasons), found.confidence)}
        for (organisation, day, visitor), found in log.corrections.items()
        if organisation == organisation_id and day in dates and visitor.hex().upper() in visitors
    ]


def organisation_opens_by_user(log: Log, *, organisation_id: UUID, exclude_bots: bool, **at: datetime) -> Rows:
    people: dict[UUID, list[Open]] = defaultdict(list)
    before: Counter[UUID] = Counter()
    for o in _of_organisation(log, organisation_id):
        if _is_counted(log, o, exclude_bots):
            if at["from_at"] <= o.at < at["until_at"]:
                people[o.user_id].append(o)
            if at["before_from_at"] <= o.at < at["before_until_at"]:
                before[o.user_id] += 1
    rows = [
        {
            "user_id": user_id,
            "opens": len(people[user_id]),
            "unique_opens": len({o.visitor for o in people[user_id]}),
            "opens_before": before[user_id],
        }
        for user_id in {*people, *before}
    ]
    # ClickHouse orders UUIDs by their second half
    return sorted(rows, key=lambda row: (-row["opens"], row["user_id"].int & (2**64 - 1), row["user_id"].int >> 64))


def organisation_opens_open(
    log: Log,
    *,
    organisation_id: UUID,
    exclude_bots: bool,
    from_at: datetime,
    open_starts: list[int],
    open_ends: list[int],
    **_: Any,
) -> Rows:
    people: dict[UUID, list[Open]] = defaultdict(list)
    for o in _of_organisation(log, organisation_id):
        if _is_counted(log, o, exclude_bots) and _is_in(o, open_starts, open_ends):
            people[o.user_id].append(o)
    rows = []
    for user_id, found in people.items():
        asked = [o for o in found if o.at >= from_at]
        counts = {"opens": len(asked), "unique_opens": len({o.visitor for o in asked})}
        rows.append({"user_id": user_id} | counts | {"opens_before": len(found) - len(asked)})
    return sorted(rows, key=lambda row: (row["user_id"].int & (2**64 - 1), row["user_id"].int >> 64))


def _is_in(o: Open, starts: list[int], ends: list[int]) -> bool:
    return any(start <= o.at.timestamp() < end for start, end in zip(starts, ends, strict=True))


def campaign_open(
    log: Log,
    *,
    organisation_id: UUID,
    campaign_id: UUID,
    packed_ids: str,
    count: int,
    during_at: datetime,
    time_zone: str,
    exclude_bots: bool,
    **at: Any,
) -> Rows:
    bytes_ = b64decode(packed_ids)
    ids = {UUID(bytes=bytes_[16 * n : 16 * n + 16]) for n in range(count)}
    found: dict[tuple[str, int, UUID, date], list[Open]] = defaultdict(list)
    for o in log.opens:
        if o.organisation_id != organisation_id or o.type != "signature_opened":
            continue
        if o.tracking == "campaign":
            is_asked = o.campaign_id == campaign_id and _is_in(o, at["open_starts"], at["open_ends"])
            what = "campaign"
        else:
            is_asked = (not count or o.user_id in ids) and _is_in(o, at["base_starts"], at["base_ends"])
            what = "during" if o.at >= during_at else "before"
        if is_asked:
            found[what, 0, o.user_id, date(1970, 1, 1)].append(o)
            found[what, 1, UUID(int=0), o.at.astimezone(zone_of(time_zone)).date()].append(o)
    rows = []
    for (what, is_by_day, user_id, day), opens in found.items():
        counted = [o for o in opens if _is_counted(log, o, exclude_bots)]
        row = {"what": what, "is_by_day": is_by_day, "user_id": user_id, "date": day, "hits": len(opens)}
        visitors = {(o.user_id, o.visitor) for o in counted if what == "campaign"}
        rows.append(row | {"opens": len(counted), "unique_opens": len(visitors)})
    return sorted(
        rows,
        key=lambda row: (
            row["what"],
            row["is_by_day"],
            row["user_id"].int & (2**64 - 1),
            row["user_id"].int >> 64,
            row["date"],
        ),
    )


def closed_parts(log: Log, *, organisation_id: UUID, from_at: datetime, until_at: datetime, cuts: list[int]) -> Rows:
    """Count what there is now; nothing was counted before (`test_closed_days` says what holds then)."""
    held: Counter[int] = Counter()
    for o in log.opens:
        is_asked = o.organisation_id == organisation_id and o.type == "signature_opened"
        if is_asked and from_at <= o.at < until_at:
            held[max(cut for cut in cuts if cut <= o.at.timestamp())] += 1
    corrected = Counter(
        int(datetime.combine(r.open_date, datetime.min.time(), UTC).timestamp())
        for r in log.reclassifications
        if r.organisation_id == organisation_id and from_at.date() <= r.open_date <= until_at.date()
    )
    nothing = {"end": 0, "revision": 0, "hits": 0, "corrections": 0}
    return [
        *({"kind": "held", "start": start} | nothing | {"hits": hits} for start, hits in held.items()),
        *({"kind": "corrected", "start": start} | nothing | {"corrections": rows} for start, rows in corrected.items()),
    ]


def campaign_opens_by_user(log: Log, *, exclude_bots: bool, **asked: Any) -> Rows:
    people: dict[UUID, list[Open]] = defaultdict(list)
    for o in _of_campaign(log, **asked):
        people[o.user_id].append(o)
    rows = []
    for user_id, opens in people.items():
        counted = [o for o in opens if _is_counted(log, o, exclude_bots)]
        unique = len({o.visitor for o in counted})
        row = {"user_id": user_id, "opens": len(counted), "unique_opens": unique}
        rows.append(row | {"not_counted": len(opens) - len(counted)})
    return sorted(rows, key=lambda row: (-row["opens"], row["user_id"].int & (2**64 - 1), row["user_id"].int >> 64))


def campaign_opens_daily(log: Log, *, time_zone: str, exclude_bots: bool, **asked: Any) -> Rows:
    days: dict[Any, list[Open]] = defaultdict(list)
    for o in _of_campaign(log, **asked):
        if _is_counted(log, o, exclude_bots):
            days[o.at.astimezone(zone_of(time_zone)).date()].append(o)
    return [
        {"date": day, "opens": len(opens), "unique_opens": len({(o.user_id, o.visitor) for o in opens})}
        for day, opens in sorted(days.items())
    ]


def campaign_baseline_by_user(log: Log, **asked: Any) -> Rows:
    rows = _before_and_during(log, lambda o: o.user_id, **asked)
    return [
        {"user_id": user_id} | counts
        for user_id, counts in sorted(rows.items(), key=lambda row: (row[0].int & (2**64 - 1), row[0].int >> 64))
    ]


def campaign_baseline_daily(log: Log, *, time_zone: str, **asked: Any) -> Rows:
    rows = _before_and_during(log, lambda o: o.at.astimezone(zone_of(time_zone)).date(), **asked)
    return [{"date": day} | counts for day, counts in sorted(rows.items())]


def campaign_drops(log: Log, *, organisation_id: UUID, campaign_id: UUID, from_at: datetime) -> Rows:
    counts = Counter(
        row.reason
        for row in log.drops
        if row.organisation_id == organisation_id and row.campaign_id == campaign_id and row.at >= from_at
    )
    return [{"reason": reason, "hits": hits} for reason, hits in _most_first(counts)]


def last_stored_at(log: Log, *, organisation_id: UUID, user_id: UUID) -> Rows:
    times = [o.at for o in _of_person(log, organisation_id, user_id)]
    return [{"last_open_at": max(times)}] if times else []


def known_ids(log: Log, *, packed_ids: str, count: int, block: str) -> Rows:
    bytes_ = b64decode(packed_ids)
    ids = [UUID(bytes=bytes_[16 * n : 16 * n + 16]) for n in range(count)]
    elsewhere = {row.id for row in (*log.opens, *log.drops, *log.reclassifications) if row.block != block}
    return [{"id": id_} for id_ in ids if id_ in elsewhere]


def rows_of_block(log: Log, *, block: str) -> Rows:
    rows = []
    tables = {"events": log.opens, "drops": log.drops, "reclassifications": log.reclassifications}
    for source, stored in tables.items():
        months: dict[int, list[datetime]] = defaultdict(list)
        for row in stored:
            if row.block == block:
                months[row.at.year * 100 + row.at.month].append(row.at)
        rows += [
            {"source": source, "month": month, "rows": len(times), "first_at": min(times), "last_at": max(times)}
            for month, times in months.items()
        ]
    return rows


def hits_ended(log: Log, *, first_id: UUID) -> Rows:
    endings = Counter(row.reason for row in log.drops if row.id >= first_id)
    endings["stored"] = sum(o.id >= first_id for o in log.opens)
    for row in log.deletions:
        if row.since_ms >= first_id.int >> 80:
            endings["deleted"] += row.events + row.drops
    return [{"ending": ending, "hits": hits} for ending, hits in sorted(endings.items())]


def drops_by_reason(
    log: Log, *, organisation_id: UUID | None, from_at: datetime, until_at: datetime, time_zone: str
) -> Rows:
    counts = Counter(
        (row.at.astimezone(zone_of(time_zone)).date(), row.reason)
        for row in log.drops
        if row.organisation_id == organisation_id and from_at <= row.at < until_at
    )
    return [{"date": day, "reason": reason, "drops": drops} for (day, reason), drops in sorted(counts.items())]


def drops_by_user(
    log: Log, *, organisation_id: UUID, user_ids: list[UUID], from_at: datetime, until_at: datetime
) -> Rows:
    counts = Counter(
        (row.user_id, row.reason)
        for row in log.drops
        if row.organisation_id == organisation_id
        and row.user_id in user_ids
        and row.tracking == "user"
        and row.reason in ("token_rotated", "token_deactivated")
        and from_at <= row.at < until_at
    )
    return [
        {"user_id": user_id, "reason": reason, "drops": drops}
        for (user_id, reason), drops in counts.items()
        if user_id is not None
    ]


def stored_counts(log: Log) -> Rows:
    counts = {"events": len(log.opens), "drops": len(log.drops), "reclassifications": len(log.reclassifications)}
    return [counts | {"event_ids": sum(counts.values())}]


def behaviour_candidates(log: Log, *, from_at: datetime, until_at: datetime, min_people: int, min_opens: int) -> Rows:
    quarter = timedelta(minutes=15)
    seen: dict[tuple[UUID, bytes], list[tuple[datetime, Open]]] = defaultdict(list)
    for o in log.opens:
        bucket_at = o.at - (o.at - datetime(1970, 1, 1, tzinfo=UTC)) % quarter
        if o.type == "signature_opened" and o.open_class == "human" and from_at <= bucket_at < until_at:
            seen[o.organisation_id, o.visitor].append((bucket_at, o))
    corrected = {
        (r.organisation_id, r.visitor)
        for r in log.reclassifications
        if from_at.date() <= r.open_date <= until_at.date()
    }
    rows = []
    for (organisation_id, visitor), found in seen.items():
        busy = []
        for begin in sorted({start for bucket_at, _ in found for start in (bucket_at - quarter, bucket_at)}):
            pair = [o for bucket_at, o in found if begin <= bucket_at <= begin + quarter]
            most = max(Counter((o.user_id, o.tracking, o.campaign_id) for o in pair).values())
            if 0 < min_people <= len({o.user_id for o in pair}) or 0 < min_opens <= most:
                busy.append(begin)
        if busy and (organisation_id, visitor) not in corrected:
            times = {"first_at": busy[0], "last_at": busy[-1] + 2 * quarter}
            rows.append({"organisation_id": organisation_id, "visitor_id": visitor.hex()} | times)
    return rows


def behaviour_hits(
    log: Log, *, organisation_id: UUID, visitor_id: str, from_at: datetime, until_at: datetime, limit: int
) -> Rows:
    found = [
        o
        for o in log.opens
        if o.organisation_id == organisation_id
        and o.type == "signature_opened"
        and o.open_class == "human"
        and o.visitor == bytes.fromhex(visitor_id)
        and from_at <= o.at < until_at
    ]
    found.sort(key=lambda o: (o.at, o.id.int & (2**64 - 1), o.id.int >> 64))  # ClickHouse orders UUIDs by second halves
    return [
        {
            "at_ms": round(o.at.timestamp() * 1000),
            "user_id": o.user_id,
            "token": o.token,
            "networks": list(o.networks),
        }
        for o in found[:limit]
    ]


RECOUNTS: dict[str, Callable[..., Rows]] = {
    recount.__name__: recount
    for recount in (
        user_opens_by_period,
        user_opens_summary,
        user_opens_last_week_to_date,
        user_opens_daily,
        user_opens_by_hour,
        user_opens_by_device,
        user_opens_not_counted,
        user_opens_recent,
        user_opens_newest,
        corrections_of_visitors,
        closed_parts,
        organisation_opens_by_user,
        organisation_opens_open,
        campaign_open,
        campaign_opens_by_user,
        campaign_opens_daily,
        campaign_baseline_by_user,
        campaign_baseline_daily,
        campaign_drops,
        last_stored_at,
        known_ids,
        rows_of_block,
        hits_ended,
        drops_by_reason,
        drops_by_user,
        stored_counts,
        behaviour_candidates,
        behaviour_hits,
    )
}

UNORDERED = frozenset(
    {
        "behaviour_candidates",
        "closed_parts",
        "corrections_of_visitors",
        "drops_by_user",
        "known_ids",
        "rows_of_block",
    }
)
"""Queries that promise no order of their rows."""


def _of_organisation(log: Log, organisation_id: UUID) -> list[Open]:
    return [
        o
        for o in log.opens
        if o.organisation_id == organisation_id and o.type == "signature_opened" and o.tracking == "user"
    ]


def _of_person(log: Log, organisation_id: UUID, user_id: UUID) -> list[Open]:
    return [
        o
        for o in log.opens
        if o.organisation_id == organisation_id
        and o.user_id == user_id
        and o.type == "signature_opened"
        and o.tracking == "user"
    ]


def _of_campaign(
    log: Log, *, organisation_id: UUID, campaign_id: UUID, from_at: datetime, until_at: datetime
) -> list[Open]:
    return [
        o
        for o in log.opens
        if o.organisation_id == organisation_id
        and o.type == "signature_opened"
        and (o.tracking, o.campaign_id) == ("campaign", campaign_id)
        and from_at <= o.at < until_at
    ]


def _before_and_during(
    log: Log,
    key: Callable[[Open], Any],
    *,
    organisation_id: UUID,
    packed_ids: str,
    count: int,
    exclude_bots: bool,
    **stretches: list[tuple[int, int]],
) -> dict[Any, dict[str, int]]:
    ids = {UUID(bytes=b64decode(packed_ids)[16 * n : 16 * n + 16]) for n in range(count)}
    found: dict[Any, dict[str, int]] = {}
    for o in _of_organisation(log, organisation_id):
        second = o.at.timestamp()
        within = {name: any(start <= second < end for start, end in stretches[name]) for name in ("before", "during")}
        if any(within.values()) and (not ids or o.user_id in ids) and _is_counted(log, o, exclude_bots):
            counts = found.setdefault(key(o), {"before": 0, "during": 0})
            for name, is_within in within.items():
                counts[name] += is_within
    return found


def _in_range(log: Log, *, organisation_id: UUID, user_id: UUID, from_at: datetime, until_at: datetime) -> list[Open]:
    return [o for o in _of_person(log, organisation_id, user_id) if from_at <= o.at < until_at]


def _class_of(log: Log, o: Open) -> str:
    found = _correction(log, o)
    return found.open_class if found else o.open_class


def _is_counted(log: Log, o: Open, exclude_bots: bool) -> bool:
    is_person = o.open_class in COUNTED_CLASSES and _correction(log, o) is None
    return not o.is_rate_limited and (not exclude_bots or is_person)


def _correction(log: Log, o: Open) -> Reclassified | None:
    """Return what rules across hits found about the visitor's day, if that is about this open: of people's only."""
    if o.open_class != "human":
        return None
    return log.corrections.get((o.organisation_id, o.at.date(), o.visitor))


def _most_first(counts: Counter[str]) -> Iterable[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
