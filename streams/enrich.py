"""The life of an event between raw and clean: a list of named steps and a runner.

A step adds to the event or ends it with a `Drop`; it does no I/O. Order lives in this list alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec import DecodeError

from schemas.events import EVENTS, RAW_EVENT, EventDropped, PixelRequested, SignatureOpened
from schemas.frame import Frame, encode
from streams.event import Context, Drop, Event, Step, dropped, opened
from streams.steps.campaign import drop_if_campaign_not_active
from streams.steps.classify import put_class
from streams.steps.country import put_country
from streams.steps.rate_limit import put_rate_limit
from streams.steps.token import drop_if_token_inactive, drop_if_tracking_off, resolve_token

STEPS: Sequence[Step] = (
    resolve_token,
    drop_if_token_inactive,
    drop_if_tracking_off,
    drop_if_campaign_not_active,
    put_class,
    put_rate_limit,
    put_country,
)

_IDS = re.compile(r"(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})*")
"""Ids one behind the other, all looked at at once: one that is none would keep its whole block out of ClickHouse."""


@dataclass(slots=True)
class Parsed:
    """The events of a raw frame, and the lines that are none, each with what is wrong with it."""

    events: list[PixelRequested]
    poison: list[tuple[bytes, str]] = field(default_factory=list)


def parse(frame: Frame) -> Parsed:
    """Read the events of a frame; a line that does not fit is set apart, the others go on."""
    try:
        events = RAW_EVENT.decode_lines(frame.payload)
        if _IDS.fullmatch("".join([event.id for event in events])):
            return Parsed(events)
    except DecodeError:
        pass
    parsed = Parsed([])
    for raw in frame.payload.splitlines():
        try:
            event = RAW_EVENT.decode(raw)
        except DecodeError as error:
            parsed.poison.append((raw, str(error)))
            continue
        if _IDS.fullmatch(event.id):
            parsed.events.append(event)
        else:
            parsed.poison.append((raw, "no UUID in lower case - at `$.id`"))
    return parsed


def run_steps(raw: PixelRequested, context: Context, steps: Sequence[Step] = STEPS) -> tuple[Event, Drop | None]:
    """Take one event through the steps; the second value says why it ended, if it did."""
    event = Event(raw)
    for step in steps:
        outcome = step(event, context)
        if isinstance(outcome, Drop):
            return event, outcome
        event = outcome
    return event, None


def enrich(
    frame: Frame, parsed: Parsed, context: Context, steps: Sequence[Step] = STEPS
) -> tuple[bytes, dict[str, int]]:
    """Return the clean frame (same origin) and how many events ended, by reason."""
    clean: list[SignatureOpened | EventDropped] = []
    drops: dict[str, int] = {}
    for raw in parsed.events:
        event, drop = run_steps(raw, context, steps)
        if drop is None:
            clean.append(opened(event))
        else:
            drops[drop.reason] = drops.get(drop.reason, 0) + 1
            clean.append(dropped(event, drop))
    return encode(frame.origin, len(clean), EVENTS.encode_lines(clean)), drops
