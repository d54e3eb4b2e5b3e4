"""What the demo tells: believable days, every kind of reader, nothing of the future."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.classification.classifier import classify
from app.classification.model import HitFacts
from app.demo.lines import spool_lines
from app.demo.opens import Carried, Hit, Stretch, Writer, make_hits
from app.demo.people import OWNER_DEPARTMENT, PEOPLE
from app.demo.work_days import how_busy
from app.tracking.zone_data import zone as zone_of
from schemas.events import RAW_EVENT

NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)
RIYADH = Writer("r" * 24, "Asia/Riyadh", 2.5)
BERLIN = Writer("b" * 24, "Europe/Berlin", 2.5)


@pytest.fixture(scope="module")
def hits() -> list[Hit]:
    return make_hits([RIYADH, BERLIN], until=NOW, days=90, seed=4)


def by_weekday(hits: list[Hit], writer: Writer) -> Counter[str]:
    zone = zone_of(writer.time_zone)
    return Counter(
        datetime.fromtimestamp(hit.at / 1000, zone).strftime("%a") for hit in hits if hit.token == writer.token
    )


def test_the_team_is_of_fifty_with_five_departments_and_arabic_names() -> None:
    assert len(PEOPLE) + 1 == 50
    assert len({person.email for person in PEOPLE}) == len(PEOPLE)
    assert len({person.department for person in PEOPLE}) == 5 and OWNER_DEPARTMENT in {p.department for p in PEOPLE}
    assert sum("\u0600" <= person.name[0] <= "\u06ff" for person in PEOPLE) >= 8
    assert all(zone_of(person.time_zone) for person in PEOPLE)


def test_events_are_ordered_and_lie_within_the_days_asked_for(hits: list[Hit]) -> None:
    times = [hit.at for hit in hits]
    assert times == sorted(times)
    assert times[0] >= (NOW - timedelta(days=90)).timestamp() * 1000
    assert times[-1] < NOW.timestamp() * 1000
    assert len(hits) > 1000


def test_the_week_end_is_friday_and_saturday_where_it_is(hits: list[Hit]) -> None:
    riyadh, berlin = by_weekday(hits, RIYADH), by_weekday(hits, BERLIN)
    assert riyadh["Sun"] > 4 * riyadh["Sat"]
    assert berlin["Fri"] > 4 * berlin["Sun"]


def test_holidays_are_quiet() -> None:
    assert how_busy(datetime(2026, 12, 25, tzinfo=UTC).date(), "Europe/Berlin") < 0.2
    assert how_busy(datetime(2026, 9, 23, tzinfo=UTC).date(), "Asia/Riyadh") < 0.2
    assert how_busy(datetime(2026, 9, 23, tzinfo=UTC).date(), "Europe/Berlin") > 0.8


def test_every_class_and_device_occurs_and_people_are_most_of_it(hits: list[Hit]) -> None:
    found = [classify(HitFacts(hit.reader.agent, networks=hit.networks)) for hit in hits]
    classes = Counter(one.open_class for one in found)
    expected = {"human", "image_proxy", "privacy_prefetch", "scanner", "link_preview", "crawler", "script"}
    assert set(classes) == expected
    assert classes["human"] + classes["image_proxy"] > len(hits) * 0.6
    assert {one.device for one in found} == {"desktop", "mobile", "tablet", "unknown"}


def test_some_readers_come_back(hits: list[Hit]) -> None:
    day = Counter((hit.token, hit.reader.address, hit.at // 86_400_000) for hit in hits)
    assert any(count > 2 for count in day.values())


def test_mail_of_a_campaign_is_loaded_with_both_pixels_and_opened_more_often() -> None:
    stretch = Stretch(NOW - timedelta(days=40), NOW - timedelta(days=26))
    hits = make_hits([BERLIN._replace(campaigns=(Carried("c" * 24, (stretch,), 1.4),))], until=NOW, days=90, seed=4)
    own = [hit for hit in hits if hit.tracking == "campaign"]
    assert {hit.token for hit in own} == {"c" * 24}
    assert {hit._replace(token=BERLIN.token, tracking="user") for hit in own} <= set(hits)
    times = [hit.at / 1000 for hit in own]
    assert min(times) >= stretch.start.timestamp()
    assert max(times) > stretch.end.timestamp()  # mail is read after the end too; the pipeline ends those hits
    without = make_hits([BERLIN], until=NOW, days=90, seed=4)
    assert len(hits) - len(own) > len(without)
    assert [RAW_EVENT.decode(line).tracking for line in spool_lines(own[:5])] == ["campaign"] * 5


def test_the_same_seed_tells_the_same_story_and_another_one_another() -> None:
    def story(seed: int) -> list[Hit]:
        return make_hits([RIYADH], until=NOW, days=20, seed=seed)

    assert story(1) == story(1)
    assert story(1) != story(2)


def test_lines_are_events_with_fresh_ids_and_visitors_nobody_can_trace(hits: list[Hit]) -> None:
    some = hits[:400]
    first = [RAW_EVENT.decode(line) for line in spool_lines(some)]
    second = [RAW_EVENT.decode(line) for line in spool_lines(some)]
    assert [event.at for event in first] == [hit.at for hit in some]
    assert len({event.id for event in (*first, *second)}) == 2 * len(some)
    assert not {event.visitor for event in first} & {event.visitor for event in second}
    assert {UUID(event.id).version for event in first} == {7}


def test_a_visitor_is_one_within_a_day_and_another_on_the_next() -> None:
    reader = make_hits([RIYADH], until=NOW, days=5, seed=1)[0].reader
    day = 86_400_000
    at = 20_000 * day
    lines = spool_lines([Hit(at, "t" * 24, reader), Hit(at + 5, "t" * 24, reader), Hit(at + day, "t" * 24, reader)])
    visitors = [RAW_EVENT.decode(line).visitor for line in lines]
    assert visitors[0] == visitors[1] != visitors[2]
