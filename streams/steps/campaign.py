"""The step that ends the hits of campaigns that were not running."""

from streams.event import Context, Drop, Event


def drop_if_campaign_not_active(event: Event, context: Context) -> Event | Drop:
    """End a hit of a campaign's pixel that came while the campaign was a draft, paused or ended (SPEC H2).

    Judged by the moment of the hit against the campaign's runs, not by its present state: a hit that waited in the
    spool, or is sent again after the campaign was paused, gets the answer it would have got at once.
    """
    owner = event.owner
    assert owner is not None
    if owner.campaign_id is None or owner.was_running_at(event.raw.at):
        return event
    return Drop("campaign_not_active")
