"""Steps about the token: whose it is, and whether its owner wants to know."""

from streams.event import Context, Drop, Event


def resolve_token(event: Event, context: Context) -> Event | Drop:
    """Find the owner. The path decides the kind of tracking: a user's token on the campaign path is unknown."""
    raw = event.raw
    owner = (context.owners if raw.tracking == "user" else context.campaign_owners).get(raw.token)
    if owner is None:
        return Drop("unknown_token")
    event.owner = owner
    return event


def drop_if_token_inactive(event: Event, context: Context) -> Event | Drop:
    """End the hits of tokens that were rotated away or deactivated; the reason says which."""
    owner = event.owner
    assert owner is not None
    if owner.is_active:
        return event
    return Drop("token_deactivated" if owner.ended_because == "deactivated" else "token_rotated")


def drop_if_tracking_off(event: Event, context: Context) -> Event | Drop:
    """End the hits of organisations that have switched this kind of tracking off (SPEC H13)."""
    return event if event.owner is not None and event.owner.is_tracking_on else Drop("tracking_off")
