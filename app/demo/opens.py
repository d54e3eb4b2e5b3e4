"""What happens in ninety days: who writes when, who opens it, who only looks as if."""

import math
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.demo import readers as world
from app.demo.readers import Reader, make_readers
from app.demo.work_days import how_busy, when_awake, working_moment
from app.tracking.zone_data import zone as zone_of


class Stretch(NamedTuple):
    """A time with a beginning that belongs to it and an end that does not, both aware."""

    start: datetime
    end: datetime


class Carried(NamedTuple):
    """A campaign in somebody's signature: their pixel, when mail carried it, how much likelier such mail is opened."""

    token: str
    stretches: tuple[Stretch, ...]
    interest: float

    def is_in_mail_of(self, moment: datetime) -> bool:
        """Say whether mail sent at this moment carries it."""
        return any(stretch.start <= moment < stretch.end for stretch in self.stretches)


class Writer(NamedTuple):
    """A colleague whose signature stands under the mail: their token, where they live, how much they write."""

    token: str
    time_zone: str
    activity: float
    lift: float = 1.0
    """How much more the last seven days hold than those before."""
    campaigns: tuple[Carried, ...] = ()

    def carried(self, moment: datetime) -> list[Carried]:
        """Return the campaigns in mail sent at this moment."""
        return [campaign for campaign in self.campaigns if campaign.is_in_mail_of(moment)]


class Hit(NamedTuple):
    """One request for a pixel; `at` in ms since epoch. `reader` is who (or what) asks, `tracking` whose token it is."""

    at: int
    token: str
    reader: Reader
    networks: tuple[str, ...] = ()
    tracking: str = "user"


def make_hits(writers: list[Writer], *, until: datetime, days: int, seed: int) -> list[Hit]:
    """Return every hit of the `days` before `until` (aware), ordered by time. The same arguments give the same hits."""
    since_ms, until_ms = (int(moment.timestamp() * 1000) for moment in (until - timedelta(days=days), until))
    hits = [
        hit
        for number, writer in enumerate(writers)
        for hit in _hits_of(random.Random(f"{seed}/{number}"), writer, until.astimezone(UTC), days)  # noqa: S311
        if since_ms <= hit.at < until_ms
    ]
    hits.sort()
    return hits


def _hits_of(rng: random.Random, writer: Writer, until: datetime, days: int) -> Iterator[Hit]:
    zone = zone_of(writer.time_zone)
    people = make_readers(rng, 36)
    last = until.astimezone(zone).date()
    away_from = last - timedelta(days=rng.randrange(12, days + 12))
    for ago in range(days + 1, -1, -1):
        day = last - timedelta(days=ago)
        is_away = away_from <= day < away_from + timedelta(days=6)
        growth = 0.85 + 0.35 * (1 - ago / (days + 1))  # the team learns; the last weeks look better than the first
        growth *= writer.lift if ago < 7 else 1
        mails = _poisson(rng, 3.4 * writer.activity * growth * how_busy(day, zone.key) * (0.05 if is_away else 1))
        for _ in range(mails):
            sent_at = working_moment(rng, day, zone)
            for hit in _mail(rng, writer, people, sent_at, zone):
                yield hit  # all pixels stand in one signature: who loads one loads the others
                for campaign in writer.carried(sent_at):
                    yield hit._replace(token=campaign.token, tracking="campaign")
        yield from _robots(rng, writer, day, zone)


def _mail(rng: random.Random, writer: Writer, people: list[Reader], sent_at: datetime, zone: ZoneInfo) -> Iterator[Hit]:
    count = 1 + (rng.random() < 0.35) + (rng.choice((2, 3, 4)) if rng.random() < 0.12 else 0)
    interest = max((campaign.interest for campaign in writer.carried(sent_at)), default=1.0)
    for reader in rng.sample(people, count):
        if reader.gateway:
            gateway = reader._replace(agent=reader.gateway, address=f"{reader.gateway}-{reader.country}")
            yield _hit(writer, gateway, sent_at + timedelta(seconds=rng.uniform(1, 20)))
        if reader.how == "apple_privacy":
            yield _hit(writer, reader, sent_at + timedelta(minutes=rng.expovariate(1 / 45)), "apple")
            continue
        if reader.how == "gmail" and rng.random() < 0.05:
            ahead = reader._replace(agent=world.GMAIL_PREFETCH)
            yield _hit(writer, ahead, sent_at + timedelta(seconds=rng.uniform(2, 8)), "google")
        if rng.random() < 0.64 * interest:
            yield from _reading(rng, writer, reader, sent_at, zone)


def _reading(rng: random.Random, writer: Writer, reader: Reader, sent_at: datetime, zone: ZoneInfo) -> Iterator[Hit]:
    """A first look after minutes or hours, some second looks, and now and then a thread that goes to and fro."""
    network = ("google",) if reader.how == "gmail" else ()
    delay = timedelta(minutes=min(rng.lognormvariate(math.log(35), 1.3), 4 * 24 * 60), seconds=4)
    moment = when_awake(rng, sent_at + delay, zone)
    yield _hit(writer, reader, moment, *network)
    if rng.random() < 0.1:
        for _ in range(rng.randrange(2, 6)):
            moment += timedelta(minutes=rng.uniform(2, 25))
            yield _hit(writer, reader, moment, *network)
    while rng.random() < 0.22:
        moment = when_awake(rng, moment + timedelta(hours=rng.expovariate(1 / 7)), zone)
        yield _hit(writer, reader, moment, *network)


def _robots(rng: random.Random, writer: Writer, day: date, zone: ZoneInfo) -> Iterator[Hit]:
    for _ in range(_poisson(rng, 0.12 * writer.activity)):
        agent = rng.choice(world.ROBOTS)
        robot = Reader("direct", agent, "US", f"robot-{agent[:12]}", "")
        yield _hit(writer, robot, working_moment(rng, day, zone) + timedelta(hours=rng.uniform(-6, 6)))


def _hit(writer: Writer, reader: Reader, moment: datetime, *networks: str) -> Hit:
    return Hit(int(moment.timestamp() * 1000), writer.token, reader, networks)


def _poisson(rng: random.Random, mean: float) -> int:
    """Return a Poisson number (Knuth's multiplication; the means here are small)."""
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
