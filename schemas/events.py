"""Every event type, and the unions that the two topics carry.

Adding an event is one class here and one line in a union; `docs/events.md` is generated from the docstrings.
Times on the stream are integers, milliseconds since the Unix epoch, UTC; ids are text, as they travel (ADR 0011).
"""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Tracking = Literal["user", "campaign"]
OpenClass = Literal["human", "image_proxy", "privacy_prefetch", "scanner", "link_preview", "crawler", "script", "self"]
Device = Literal["desktop", "mobile", "tablet", "unknown"]
DropReason = Literal[
    "unknown_token",
    "malformed_token",
    "token_inactive",  # no longer given: old rows say it where newer ones say rotated or deactivated
    "token_rotated",
    "token_deactivated",
    "tracking_off",
    "campaign_not_active",
]

COUNTED_CLASSES: frozenset[str] = frozenset({"human", "image_proxy"})
"""Classes that count while an organisation excludes bots (SPEC H6)."""

EventId = Annotated[str, Meta(min_length=36, max_length=36)]
"""A UUID in its usual form, in lower case."""


class StreamEvent(msgspec.Struct, frozen=True, kw_only=True, gc=False, rename="camel", tag_field="type"):
    """What all events are: immutable, camelCase in JSON, `type` says which; unknown fields are ignored, so that old
    readers survive new writers. Not looked at by the collector of garbage: events hold text, numbers and tuples only.
    """


class PixelRequested(StreamEvent, frozen=True, kw_only=True, tag="pixel_requested"):
    """Somebody or something asked the collector for a pixel. Raw: nothing is known yet but the request.

    Example: `{"type":"pixel_requested","id":"0192…","at":1763769600000,"tracking":"user","token":"tG3k…",
    "visitor":"9f86d0…","userAgent":"Mozilla/5.0 …","method":"GET","purpose":"","networks":[],"country":"SA"}`
    """

    id: EventId
    """UUIDv7 made by the collector; the identity of the hit for ever."""
    at: int
    """When the request arrived, ms since epoch."""
    tracking: Tracking
    """From the path (`/u/` or `/p/`), never from the token."""
    token: Annotated[str, Meta(max_length=64)]
    visitor: Annotated[str, Meta(min_length=32, max_length=32)]
    """First 16 bytes, in hex, of HMAC-SHA-256(day's salt, address NUL user agent)."""
    user_agent: Annotated[str, Meta(max_length=1024)]
    method: str = "GET"
    purpose: str = ""
    """`Sec-Purpose` or `Purpose` as sent, cut to 64 characters."""
    networks: tuple[str, ...] = ()
    """Names of the known networks the address belongs to, decided at the edge, because the address stays there."""
    country: str = ""
    """ISO 3166-1 alpha-2, or empty."""
    is_over_limit: bool = False
    """The address had asked for this token more often than the limit in this minute. Decided once, at the edge."""


class SignatureOpened(StreamEvent, frozen=True, kw_only=True, tag="signature_opened"):
    """A signature's pixel was loaded: a `PixelRequested` whose token is known, classified. One row of the log.

    Nothing is left out for being a machine: the class says so, and queries decide what counts.
    """

    id: EventId
    at: int
    organisation_id: EventId
    user_id: EventId
    tracking: Tracking
    campaign_id: EventId | None = None
    """The campaign whose pixel it was; none for a person's own pixel."""
    token: str
    visitor: str
    user_agent: str
    method: str
    purpose: str
    networks: tuple[str, ...]
    country: str
    open_class: OpenClass
    confidence: float
    """0 to 1: how sure the ruleset is of the class."""
    reasons: tuple[str, ...]
    """Codes of the rules that decided, first the decisive one."""
    device: Device
    ruleset: int
    is_over_limit: bool = False
    """As the collector saw it."""
    is_rate_limited: bool = False
    """Over the limit, and no mail provider's servers: not counted."""


class EventDropped(StreamEvent, frozen=True, kw_only=True, tag="event_dropped"):
    """An event ended before the log, for an expected reason. Kept without anything about the request, so that
    accepted = stored + dropped can be checked to the last hit."""

    id: EventId
    at: int
    organisation_id: EventId | None = None
    user_id: EventId | None = None
    """Whose pixel it was, if the token is known."""
    campaign_id: EventId | None = None
    """Whose campaign's pixel it was, if the token is one of a campaign."""
    tracking: Tracking
    reason: DropReason


class VisitorReclassified(StreamEvent, frozen=True, kw_only=True, tag="visitor_reclassified"):
    """Rules that look across hits found that a visitor was no person, after its opens were stored and counted.

    A correction, never a change: the opens keep the class they were given, and queries leave out the human opens of
    this visitor, those that come later too. A visitor is one only for one UTC day and is judged for each organisation
    by itself. Found again it has the same id, so it is stored once.
    """

    id: EventId
    """UUIDv5 of organisation, visitor, rule and behaviour ruleset."""
    at: int
    """First open of the window that gave it away, ms since epoch: a correction belongs to the day of its opens."""
    organisation_id: EventId
    open_date: date
    """The UTC day of the visitor."""
    visitor: str
    open_class: OpenClass
    """What it is instead of `human`."""
    confidence: float
    reasons: tuple[str, ...]
    rule: str
    ruleset: int
    """Number of the behaviour ruleset."""
    tokens: int
    """Evidence: different people's tokens it loaded within the window."""
    opens: int
    """Evidence: how often it did, within the window."""
    decided_at: int
    """When it was found, ms since epoch."""


CleanEvent = SignatureOpened | EventDropped | VisitorReclassified

RAW_EVENT: msgspec.json.Decoder[PixelRequested] = msgspec.json.Decoder(PixelRequested)
CLEAN_EVENT: msgspec.json.Decoder[CleanEvent] = msgspec.json.Decoder(CleanEvent)
EVENTS = msgspec.json.Encoder()
"""`decode_lines` and `encode_lines` read and write the payload of a frame."""
