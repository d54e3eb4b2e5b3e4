"""Whose behaviour is not judged: addresses behind which many people read, so that together they look like a machine."""

from collections.abc import Iterable

from app.classification.mail_proxies import is_mail_provider_network

_SHARED = frozenset({"office", "shared"})
"""The operator's own (`KNOWN_NETWORKS=shared-…=…`), by what stands before the first `-`."""


def is_exempt(networks: Iterable[str]) -> bool:
    """Say whether a visitor is a mail provider's proxy, our own office, or an address the operator calls shared."""
    names = tuple(networks)
    return is_mail_provider_network(names) or any(name.partition("-")[0] in _SHARED for name in names)
