"""Which hits come from a mail provider's own servers: one address there loads for millions of readers.

A limit for each address would be a limit for the provider, so such hits are exempt from it (SPEC H5).
"""

from collections.abc import Iterable

from app.classification.model import Classification

_NETWORKS = frozenset({"apple", "google", "proxy"})
"""Built-in networks and the operator's own (`KNOWN_NETWORKS=proxy-…=…`), by what stands before the first `-`."""
_PREFETCHERS = frozenset({"apple_mail_privacy", "gmail_prefetch"})
"""Reasons that name a provider; `privacy_prefetch` by method or Purpose header may be anybody's."""


def is_mail_proxy(found: Classification, networks: Iterable[str]) -> bool:
    """Say whether a hit was made by a mail provider, by its class, its reasons or the networks it came from."""
    return (
        found.open_class == "image_proxy"
        or not _PREFETCHERS.isdisjoint(found.reasons)
        or is_mail_provider_network(networks)
    )


def is_mail_provider_network(networks: Iterable[str]) -> bool:
    """Say whether one of an address's networks is a mail provider's, whatever the hit says of itself."""
    return any(name.partition("-")[0] in _NETWORKS for name in networks)
