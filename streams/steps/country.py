"""The step that decides whether a country may be kept."""

from streams.event import Context, Drop, Event

_SOMEBODY_ELSES_ADDRESS = frozenset({"image_proxy", "privacy_prefetch", "scanner", "link_preview", "crawler"})


def put_country(event: Event, context: Context) -> Event | Drop:
    """Keep the country if the organisation records it and the address was the reader's own (SPEC H7)."""
    assert event.owner is not None and event.classification is not None
    if event.owner.is_country_recorded and event.classification.open_class not in _SOMEBODY_ELSES_ADDRESS:
        event.country = event.raw.country
    return event
