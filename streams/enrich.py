"""The life of an event between raw and clean: a list of named steps and a runner.

A step adds to the event or ends it with a `Drop`; it does no I/O. Order lives in this list alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from schemas.events import RAW_EVENTS, PixelRequested
from schemas.frame import Frame, encode
from streams.event import Context, Drop, Event, Step, dropped, line, opened
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


@dataclass(slots=True)
class Parsed:
    """The events of a raw frame, and the lines that are none, each with what is wrong with it."""

    events: list[PixelRequested]
    poison: list[tuple[bytes, str]] = field(default_factory=list)


def parse(frame: Frame) -> Parsed:
    """Read the events of a frame; a line that does not fit is set apart, the others go on."""
    try:
        return Parsed(RAW_EVENTS.validate_json(frame.json_array()))
    except ValidationError:
        parsed = Parsed([])
        for raw in frame.payload.splitlines():
            try:
                parsed.events.append(PixelRequested.model_validate_json(raw))
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False)[0]
                parsed.poison.append((raw, f"{'.'.join(map(str, first['loc']))}: {first['msg']}"))
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


def enrich(frame: Frame, parsed: Parsed, context: Context) -> tuple[bytes, dict[str, int]]:
    """Return the clean frame (same origin) and how many events ended, by reason."""
    lines: list[bytes] = []
    drops: dict[str, int] = {}
    for raw in parsed.events:
        event, drop = run_steps(raw, context)
        if drop is None:
            lines.append(line(opened(event)))
        else:
            drops[drop.reason] = drops.get(drop.reason, 0) + 1
            lines.append(line(dropped(event, drop)))
    return encode(frame.origin, len(lines), b"".join(lines)), drops
