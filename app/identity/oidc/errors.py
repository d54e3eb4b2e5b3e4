"""Why a sign-in through a provider ended: each reason is a sentence of the sign-in page."""

from typing import Literal

Reason = Literal[
    "oidcDenied",
    "oidcExpired",
    "oidcRefused",
    "oidcUnavailable",
    "oidcUnverified",
    "oidcUnknown",
    "oidcSeveral",
    "oidcOther",
]
"""Cancelled at the provider; no such sign-in under way here; what it answered does not hold; it is away; it does not
vouch for the address, or the address may not come in; nobody here has it; several have; an identity other than this
one is linked to the person."""


class OidcError(Exception):
    """A sign-in that ended. `reason` is for the person, the message for the log; neither holds a secret."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason: Reason = reason


class ProviderUnavailableError(OidcError):
    """The provider does not answer, or not with what a provider answers."""

    def __init__(self, detail: str) -> None:
        super().__init__("oidcUnavailable", detail)
