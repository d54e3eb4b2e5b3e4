"""When people work: hours, week-ends and holidays where they live."""

import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_FRIDAY_SATURDAY = frozenset({"Asia/Riyadh", "Africa/Cairo"})
_HOLIDAYS = {
    "": ((1, 1),),
    "Asia/Riyadh": ((2, 22), (9, 23)),
    "Asia/Dubai": ((12, 2), (12, 3)),
    "Africa/Cairo": ((7, 23), (10, 6)),
    "Europe/London": ((12, 25), (12, 26), (8, 31)),
    "Europe/Berlin": ((5, 1), (10, 3), (12, 24), (12, 25), (12, 26), (12, 31)),
    "America/New_York": ((7, 4), (11, 26), (11, 27), (12, 24), (12, 25)),
    "Asia/Kolkata": ((1, 26), (8, 15), (10, 2)),
    "Asia/Singapore": ((8, 9), (12, 25)),
    "America/Sao_Paulo": ((9, 7), (11, 15), (11, 20), (12, 25)),
    "Africa/Lagos": ((10, 1), (12, 25), (12, 26)),
}
_HOURS = ((7, 2), (8, 7), (9, 13), (10, 14), (11, 12), (12, 6), (13, 7), (14, 11), (15, 10), (16, 9), (17, 6), (18, 2))
"""Local hour and how much of the day's mail leaves in it: a peak in the morning, a dip at lunch."""


def how_busy(day: date, time_zone: str) -> float:
    """Return the share of a full working day's mail that leaves on this day: 1, or little on days off."""
    if (day.month, day.day) in (*_HOLIDAYS[""], *_HOLIDAYS.get(time_zone, ())):
        return 0.08
    off = (4, 5) if time_zone in _FRIDAY_SATURDAY else (5, 6)
    if day.weekday() in off:
        return 0.05
    return {0: 1.0, 1: 1.1, 2: 1.05, 3: 1.0, 4: 0.8, 6: 1.0}.get(day.weekday(), 1.0)


def working_moment(rng: random.Random, day: date, zone: ZoneInfo) -> datetime:
    """Return a moment of this local day at which mail is written."""
    hour = rng.choices([hour for hour, _ in _HOURS], [weight for _, weight in _HOURS])[0]
    return datetime(day.year, day.month, day.day, hour, rng.randrange(60), rng.randrange(60), tzinfo=zone)


def when_awake(rng: random.Random, moment: datetime, zone: ZoneInfo) -> datetime:
    """Move a moment of the night to the next morning, most week-end moments to Monday: that is when mail is read."""
    local = moment.astimezone(zone)
    if how_busy(local.date(), zone.key) < 0.5 and rng.random() < 0.7:
        while how_busy(local.date(), zone.key) < 0.5:
            local += timedelta(days=1)
        local = local.replace(hour=8, minute=rng.randrange(60)) + timedelta(minutes=rng.randrange(100))
    if 1 <= local.hour < 7 or (local.hour >= 22 and rng.random() < 0.7):
        days = 1 if local.hour >= 22 else 0
        local = (local + timedelta(days=days)).replace(hour=7, minute=rng.randrange(60))
        local += timedelta(minutes=rng.randrange(110))
    return local
