"""The step that says whether a hit is beyond the limit of its address and token."""

from app.classification.mail_proxies import is_mail_proxy
from streams.event import Context, Drop, Event


def put_rate_limit(event: Event, context: Context) -> Event | Drop:
    """Flag what the collector saw beyond the limit, unless a mail provider's servers sent it (SPEC H5).

    Derived from the hit alone, so a hit that is sent again gets the same answer.
    """
    assert event.classification is not None
    event.is_rate_limited = event.raw.is_over_limit and not is_mail_proxy(event.classification, event.raw.networks)
    return event
