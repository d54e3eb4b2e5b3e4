"""Opens that come too soon after a message was handed over: nobody reads that fast."""

from app.classification.model import TimingRule, Verdict
from schemas.events import OpenClass

HUMAN_MIN_MS = 2_000
"""Below this a browser that nobody can tell from a person's is a gateway's (Mautic and others use the same limit)."""
PROXY_MIN_MS = 3_000
"""Below this a mail provider's proxy is fetching at delivery, not for a reader."""
CLOCK_SKEW_MS = 1_000
"""Two machines' clocks may differ by this much before "opened before it was sent" means anything."""

_BEFORE = Verdict("scanner", 0.6, ("opened_before_sent",))
_SOON = Verdict("scanner", 0.8, ("opened_within_seconds",))
_PROXY_SOON = Verdict("privacy_prefetch", 0.8, ("proxied_at_delivery",))


def _judge(open_class: OpenClass, delay_ms: int) -> Verdict | None:
    if open_class == "image_proxy":
        return _PROXY_SOON if delay_ms < PROXY_MIN_MS else None
    if open_class == "human":
        if delay_ms < -CLOCK_SKEW_MS:
            return _BEFORE
        return _SOON if delay_ms < HUMAN_MIN_MS else None
    return None


RULE = TimingRule(
    "timing",
    _judge,
    {
        "opened_before_sent": "It was opened before it was handed over: a preview or a gateway, no reader.",
        "opened_within_seconds": "It was opened within 2 s of being handed over, as only a gateway does.",
        "proxied_at_delivery": "The proxy fetched it within 3 s of hand-over: at delivery, not for a reader.",
    },
)
