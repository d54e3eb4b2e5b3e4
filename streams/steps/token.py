"""Steps about the token: whose it is, and whether its owner wants to know."""

from streams.event import Context, Drop, Event


def resolve_token(event: Event, context: Context) -> Event | Drop:
    """Find the owner. The path decides the kind of tracking: a user's token on the campaign path is unknown."""
    owner = context.owners.get(event.raw.token) if event.raw.tracking == "user" else None
    if owner is None:
        return Drop("unknown_token")
    event.owner = owner
    return event


def drop_if_token_inactive(event: Event, context: Context) -> Event | Drop:
    """End the hits of tokens that were rotated away or deactivated."""
    return event if event.owner is not None and event.owner.is_active else Drop("token_inactive")


def drop_if_tracking_off(event: Event, context: Context) -> Event | Drop:
    """End the hits of organisations that have switched tracking off (SPEC H13)."""
    return event if event.owner is not None and event.owner.is_tracking_on else Drop("tracking_off")
