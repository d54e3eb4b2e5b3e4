"""Who the client is: the peer, or what a trusted proxy says it is."""

import ipaddress
from collections.abc import Callable
from functools import lru_cache

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ProxySettingError(ValueError):
    """`TRUSTED_PROXIES` holds something that is not a network."""


def parse_networks(text: str) -> tuple[Network, ...]:
    """Read comma-separated networks; raises `ProxySettingError` naming the part that is not one."""
    networks = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        try:
            networks.append(ipaddress.ip_network(part, strict=False))
        except ValueError as error:
            raise ProxySettingError(f"TRUSTED_PROXIES: {part!r} is not a network: {error}") from error
    return tuple(networks)


def client_address(trusted: tuple[Network, ...]) -> Callable[[str, bytes | None], str]:
    """Return a function (peer, X-Forwarded-For) -> client address.

    The header is believed only when the peer is trusted; then the rightmost address that is not itself a trusted
    proxy is the client, because everything left of it could have been written by anybody.
    """

    @lru_cache(maxsize=4096)
    def is_trusted(address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        return any(parsed in network for network in trusted)

    def resolve(peer: str, forwarded: bytes | None) -> str:
        if forwarded is None or not trusted or not is_trusted(peer):
            return peer
        candidate = peer
        for part in reversed(forwarded.decode("latin-1").split(",")):
            address = _bare(part.strip())
            if address is None:
                break
            candidate = address
            if not is_trusted(address):
                break
        return candidate

    return resolve


def _bare(text: str) -> str | None:
    """Return an address without port and brackets, or None if it is none."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
