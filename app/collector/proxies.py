"""Who the client is: the peer, or what a trusted proxy says it is; one canonical text for one address."""

from collections.abc import Callable
from functools import lru_cache

from app.ip_addresses import IPNetwork, canonical_address, parsed_address, parsed_network

_CACHE_SIZE = 16_384
"""Addresses remembered; they are held in memory only, and only here."""


class ProxySettingError(ValueError):
    """`TRUSTED_PROXIES` holds something that is not a network."""


def parse_networks(text: str) -> tuple[IPNetwork, ...]:
    """Read comma-separated networks; raises `ProxySettingError` naming the part that is not one."""
    networks = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        try:
            networks.append(parsed_network(part, strict=False))
        except ValueError as error:
            raise ProxySettingError(f"TRUSTED_PROXIES: {part!r} is not a network: {error}") from error
    return tuple(networks)


def client_address(trusted: tuple[IPNetwork, ...]) -> Callable[[str, bytes | None], str]:
    """Return a function (peer, X-Forwarded-For) -> client address in its canonical form.

    The header is believed only when the peer is trusted; then the rightmost address that is not itself a trusted
    proxy is the client, because everything left of it could have been written by anybody. `Forwarded` (RFC 7239) is
    not read: a proxy that sets one of the two may pass on the other as its client wrote it.
    """
    canonical = lru_cache(maxsize=_CACHE_SIZE)(canonical_address)

    @lru_cache(maxsize=_CACHE_SIZE)
    def hop(text: str) -> tuple[str, bool] | None:
        """Return the canonical address and whether it is a trusted proxy's; None for what is no address."""
        address = parsed_address(text)
        if address is None:
            return None
        return str(address), any(address in network for network in trusted)

    def resolve(peer: str, forwarded: bytes | None) -> str:
        if forwarded is None or not trusted or not (found := hop(peer)) or not found[1]:
            return canonical(peer) if ":" in peer else peer  # a socket writes IPv4 in one way
        candidate = found[0]
        for part in reversed(forwarded.decode("latin-1").split(",")):
            found = hop(part)
            if found is None:
                break
            candidate = found[0]
            if not found[1]:
                break
        return candidate

    return resolve
