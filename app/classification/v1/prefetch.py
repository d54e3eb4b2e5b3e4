"""Loads made ahead of any reader: by the request's own words, by Apple Mail, by Gmail."""

from app.classification.model import Request, Rule, Verdict

_NOT_GET = Verdict("privacy_prefetch", 0.9, ("method_not_get",))
_PURPOSE = Verdict("privacy_prefetch", 0.95, ("purpose_prefetch",))
_APPLE_SURE = Verdict("privacy_prefetch", 0.98, ("apple_mail_privacy", "network_apple"))
_APPLE = Verdict("privacy_prefetch", 0.8, ("apple_mail_privacy",))
_GMAIL_SURE = Verdict("privacy_prefetch", 0.98, ("gmail_prefetch", "network_google"))
_GMAIL = Verdict("privacy_prefetch", 0.9, ("gmail_prefetch",))


def _judge_request(request: Request) -> Verdict | None:
    if request.method != "GET":
        return _NOT_GET
    return _PURPOSE if request.purpose else None


def _judge_agent(request: Request) -> Verdict | None:
    """Apple sends exactly `Mozilla/5.0` (Mailgun, ClickDimensions); Gmail a browser with a second one behind it (Bird)."""
    if request.user_agent == "Mozilla/5.0":
        return _APPLE_SURE if "apple" in request.networks else _APPLE
    if request.user_agent.startswith("Mozilla/5.0 (") and request.user_agent.endswith(" Mozilla/5.0"):
        return _GMAIL_SURE if "google" in request.networks else _GMAIL
    return None


REQUEST = Rule(
    "prefetch_request",
    _judge_request,
    {
        "method_not_get": "A mail client shows an image by GET; this was another method, so nothing was shown.",
        "purpose_prefetch": "The request says itself that it was made ahead of any reader (Purpose header).",
    },
)
BARE_AGENT = Rule(
    "prefetch_agent",
    _judge_agent,
    {
        "apple_mail_privacy": "Apple Mail Privacy Protection loads every image, read or not, as plain Mozilla/5.0.",
        "network_apple": "The address is Apple's.",
        "gmail_prefetch": "Gmail loads images ahead of the reader under this name while a session is active.",
        "network_google": "The address is one of Google's mail proxies.",
    },
)
