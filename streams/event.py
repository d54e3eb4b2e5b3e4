"""What travels through the steps: a raw event, and what the steps have found out about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.classification.model import Classification, HitFacts
from app.tracking.tokens import TokenOwner
from schemas.events import DropReason, EventDropped, PixelRequested, SignatureOpened


@dataclass(slots=True)
class Event:
    """A pixel request on its way to the log. A step adds to it, and never takes anything away."""

    raw: PixelRequested
    owner: TokenOwner | None = None
    classification: Classification | None = None
    country: str = ""
    is_rate_limited: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """The end of an event for an expected reason: a value, not an exception."""

    reason: DropReason


@dataclass(frozen=True, slots=True)
class Context:
    """What steps may look at. Fetched before they run, so that steps are pure."""

    owners: Mapping[str, TokenOwner] = field(default_factory=dict)
    """Whose the tokens of the user path are."""
    campaign_owners: Mapping[str, TokenOwner] = field(default_factory=dict)
    """Whose the tokens of the campaign path are."""
    classify: Callable[[HitFacts], Classification] | None = None


Step = Callable[[Event, Context], Event | Drop]


def opened(event: Event) -> SignatureOpened:
    """Return the row of the log for an event that passed all steps."""
    raw, owner, found = event.raw, event.owner, event.classification
    assert owner is not None and found is not None, "an event that passed all steps has an owner and a class"
    return SignatureOpened(
        id=raw.id,
        at=raw.at,
        organisation_id=owner.organisation_id,
        user_id=owner.user_id,
        tracking=raw.tracking,
        campaign_id=owner.campaign_id,
        token=raw.token,
        visitor=raw.visitor,
        user_agent=raw.user_agent,
        method=raw.method,
        purpose=raw.purpose,
        networks=raw.networks,
        country=event.country,
        open_class=found.open_class,
        confidence=found.confidence,
        reasons=found.reasons,
        device=found.device,
        ruleset=found.ruleset,
        is_over_limit=raw.is_over_limit,
        is_rate_limited=event.is_rate_limited,
    )


def dropped(event: Event, drop: Drop) -> EventDropped:
    """Return what is kept of an event that ended."""
    raw, owner = event.raw, event.owner
    return EventDropped(
        id=raw.id,
        at=raw.at,
        organisation_id=owner.organisation_id if owner else None,
        user_id=owner.user_id if owner else None,
        campaign_id=owner.campaign_id if owner else None,
        tracking=raw.tracking,
        reason=drop.reason,
    )
