"""Who may see metrics and the reasons behind readiness: this machine itself, or whoever sends `METRICS_TOKEN`.

They name services, tell how much is going on and quote errors; the plain status is for everybody, balancers need it.
"""

import hmac
import ipaddress
from collections.abc import Collection
from typing import Any

from pydantic import SecretStr

_FORWARDED = frozenset(
    {b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip", b"forwarded", b"via"}
)
"""What a proxy adds: behind one on this machine everybody comes from loopback."""
REFUSED = (
    "Metrics are answered to this machine itself and to `Authorization: Bearer METRICS_TOKEN`; see docs/operations.md."
)

Headers = Collection[tuple[bytes, bytes]]


class Operators:
    """Tells those who run the product from everybody else.

    Without a token only this machine itself is let in; and behind a proxy (`TRUSTED_PROXIES`) nobody, because one that
    runs on this machine and adds no header looks like it.
    """

    def __init__(self, token: SecretStr, *, is_behind_proxy: bool) -> None:
        self._token = token.get_secret_value().encode()
        self._is_behind_proxy = is_behind_proxy

    def may_see(self, peer: str, headers: Headers) -> bool:
        """Tell whether a request may see details; `peer` is the address it came from, names of headers in any case."""
        sent = {name.lower(): value for name, value in headers}
        scheme, _, token = sent.get(b"authorization", b"").partition(b" ")
        if self._token and scheme.lower() == b"bearer" and hmac.compare_digest(token.strip(), self._token):
            return True
        if self._is_behind_proxy or sum(name.lower() == b"host" for name, _ in headers) != 1:
            return False
        return _is_loopback(peer) and _is_own_name(sent.get(b"host", b"")) and not _FORWARDED & sent.keys()

    def may_see_scope(self, scope: Any) -> bool:
        """Tell it of an ASGI scope."""
        client = scope.get("client")
        return self.may_see(client[0] if client else "", scope["headers"])


def _is_loopback(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_loopback


def _is_own_name(host: bytes) -> bool:
    """Tell whether this machine was asked for by a name of its own: a proxy passes on the name people know."""
    name, colon, port = host.decode("latin-1").rpartition(":")
    if not colon or not port.isdigit():
        name = f"{name}{colon}{port}"
    return name.lower() == "localhost" or _is_loopback(name.removeprefix("[").removesuffix("]"))
