"""The step that says who or what has loaded the pixel."""

from app.classification.model import HitFacts
from streams.event import Context, Drop, Event


def put_class(event: Event, context: Context) -> Event | Drop:
    """Add class, confidence, reasons, device and ruleset. Machines are not dropped: queries decide what counts."""
    raw = event.raw
    assert context.classify is not None, "the worker hands the classifier to the steps"
    event.classification = context.classify(
        HitFacts(user_agent=raw.user_agent, method=raw.method, purpose=raw.purpose, networks=raw.networks, at=raw.at)
    )
    return event
