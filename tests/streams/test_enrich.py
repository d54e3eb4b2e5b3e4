"""The steps: what they add, what they end, and that nothing gets lost between."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
import pytest

from app.classification.classifier import classify
from app.collector.segment import MAX_FRAME
from app.tracking.tokens import TokenOwner
from schemas.events import CLEAN_EVENT, RAW_EVENT, EventDropped, SignatureOpened
from schemas.frame import MAX_EVENTS, decode
from streams.dead_letter import Ceiling, DeadLetter, DeadLetterCeilingError
from streams.enrich import STEPS, enrich, parse, run_steps
from streams.event import Context, Drop, Event, dropped, opened
from tests.streams.events import frame_of, raw_line

OWNER = TokenOwner(str(UUID(int=1)), str(UUID(int=2)), is_active=True, is_tracking_on=True, is_country_recorded=True)
CAMPAIGN = replace(OWNER, campaign_id=str(UUID(int=3)), runs=((1_000, 2_000), (3_000, None)))
"""A pixel of a campaign that was active for a second, paused for a second, and is active since."""
GOOGLE_PROXY = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"


def context(owner: TokenOwner | None = OWNER, token: str = "t" * 24) -> Context:
    return Context(owners={token: owner} if owner else {}, classify=classify)


def run(line: bytes, owner: TokenOwner | None = OWNER) -> tuple[Event, Drop | None]:
    return run_steps(RAW_EVENT.decode(line), context(owner))


def test_a_persons_open_passes_with_class_device_and_country() -> None:
    event, drop = run(raw_line())
    assert drop is None
    assert event.classification is not None
    assert (event.classification.open_class, event.classification.device) == ("human", "desktop")
    assert event.country == "SA"
    assert event.classification.reasons


def test_a_machine_is_classified_and_not_dropped() -> None:
    event, drop = run(raw_line(userAgent="curl/8.0"))
    assert drop is None
    assert event.classification is not None
    assert event.classification.open_class == "script"


@pytest.mark.parametrize(
    ("line", "owner", "reason"),
    [
        (raw_line(), None, "unknown_token"),
        (raw_line(tracking="campaign"), OWNER, "unknown_token"),
        (raw_line(), replace(OWNER, is_active=False, ended_because="rotated"), "token_rotated"),
        (raw_line(), replace(OWNER, is_active=False, ended_because="deactivated"), "token_deactivated"),
        (raw_line(), replace(OWNER, is_tracking_on=False), "tracking_off"),
    ],
)
def test_an_expected_end_is_a_value_with_a_reason(line: bytes, owner: TokenOwner | None, reason: str) -> None:
    _, drop = run(line, owner)
    assert drop == Drop(reason)  # type: ignore[arg-type]


def run_campaign(line: bytes, owner: TokenOwner = CAMPAIGN) -> tuple[Event, Drop | None]:
    raw = RAW_EVENT.decode(line)
    return run_steps(raw, Context(campaign_owners={"t" * 24: owner}, classify=classify))


def test_an_open_of_a_campaigns_pixel_names_campaign_and_person() -> None:
    event, drop = run_campaign(raw_line(tracking="campaign", at=1_000))
    assert drop is None
    row = opened(event)
    assert (row.tracking, row.campaign_id, row.user_id) == ("campaign", str(UUID(int=3)), str(UUID(int=2)))


def test_a_campaigns_token_on_the_path_of_users_is_unknown() -> None:
    assert run_campaign(raw_line(at=1_000))[1] == Drop("unknown_token")


@pytest.mark.parametrize(
    ("at", "is_stored"), [(999, False), (1_999, True), (2_000, False), (2_999, False), (9e12, True)]
)
def test_a_hit_counts_if_the_campaign_was_active_at_its_own_time(at: float, is_stored: bool) -> None:
    event, drop = run_campaign(raw_line(tracking="campaign", at=int(at)))
    assert drop == (None if is_stored else Drop("campaign_not_active"))
    if drop is not None:
        row = dropped(event, drop)
        assert (row.organisation_id, row.user_id, row.campaign_id) == tuple(str(UUID(int=n)) for n in (1, 2, 3))


def test_campaign_tracking_that_is_off_is_said_before_the_campaigns_state() -> None:
    assert run_campaign(raw_line(tracking="campaign", at=1), replace(CAMPAIGN, is_tracking_on=False))[1] == Drop(
        "tracking_off"
    )


def test_nothing_is_classified_after_it_ended() -> None:
    event, _ = run(raw_line(), None)
    assert event.classification is None


def test_a_proxys_country_is_not_the_readers() -> None:
    event, _ = run(raw_line(userAgent=GOOGLE_PROXY))
    assert event.country == ""


@pytest.mark.parametrize(
    ("facts", "is_rate_limited"),
    [
        ({}, False),
        ({"isOverLimit": True}, True),
        ({"isOverLimit": True, "userAgent": GOOGLE_PROXY}, False),
        ({"isOverLimit": True, "networks": ["apple"]}, False),
        ({"isOverLimit": False, "userAgent": "curl/8.0"}, False),
    ],
)
def test_over_the_limit_is_flagged_unless_a_mail_provider_sent_it(facts: dict[str, Any], is_rate_limited: bool) -> None:
    event, drop = run(raw_line(**facts))
    assert drop is None
    row = opened(event)
    assert (row.is_over_limit, row.is_rate_limited) == (facts.get("isOverLimit", False), is_rate_limited)


def test_a_frame_that_is_sent_again_gets_the_same_flags() -> None:
    frame = frame_of(raw_line(), raw_line(isOverLimit=True), raw_line(isOverLimit=True, userAgent=GOOGLE_PROXY))
    assert enrich(frame, parse(frame), context()) == enrich(frame, parse(frame), context())


def test_no_country_is_kept_where_the_organisation_does_not_want_it() -> None:
    event, _ = run(raw_line(), TokenOwner(str(UUID(int=1)), str(UUID(int=2)), True, True, is_country_recorded=False))
    assert event.country == ""


def test_every_event_of_a_raw_frame_is_in_the_clean_one() -> None:
    frame = frame_of(raw_line(), raw_line(token="u" * 24), raw_line(userAgent="curl/8.0"), start=4711)
    clean, drops = enrich(frame, parse(frame), context())
    decoded = decode(clean)
    assert decoded.origin == frame.origin
    events = CLEAN_EVENT.decode_lines(decoded.payload)
    assert [type(event) for event in events] == [SignatureOpened, EventDropped, SignatureOpened]
    assert drops == {"unknown_token": 1}
    assert [str(event.id) for event in events] == [orjson.loads(line)["id"] for line in frame.payload.splitlines()]


def test_a_line_that_does_not_fit_is_set_apart_and_says_why() -> None:
    frame = frame_of(raw_line(), b'{"type":"pixel_requested"}\n', b"nonsense\n", raw_line())
    parsed = parse(frame)
    assert len(parsed.events) == 2
    assert [raw for raw, _ in parsed.poison] == [b'{"type":"pixel_requested"}', b"nonsense"]
    assert "id" in parsed.poison[0][1]


def test_the_order_of_the_steps_finds_the_owner_first() -> None:
    assert STEPS[0].__name__ == "resolve_token"
    assert [step.__name__ for step in STEPS].index("put_class") < [s.__name__ for s in STEPS].index("put_country")


def test_too_many_dead_letters_in_a_minute_stop_the_worker() -> None:
    now = [0.0]
    ceiling = Ceiling(3, clock=lambda: now[0])
    letter = DeadLetter(b"x", "enrich", "frame_bad_magic", "events.raw", 0, 7)
    for _ in range(3):
        ceiling.count(letter)
    now[0] = 61.0
    for _ in range(3):
        ceiling.count(letter)
    with pytest.raises(DeadLetterCeilingError, match="DEAD_LETTERS_CEILING"):
        ceiling.count(letter)


def test_the_clean_frame_of_the_largest_raw_one_is_taken_by_any_kafka() -> None:
    line = raw_line(userAgent="Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 ".ljust(690, "é"))
    lines = [line] * min(MAX_EVENTS, MAX_FRAME // len(line))
    assert 500_000 < sum(map(len, lines)) <= MAX_FRAME, "as much as the spool hands out at once"
    frame = frame_of(*lines)
    clean, _ = enrich(frame, parse(frame), context())
    assert len(clean) < 1_048_588 - 200
