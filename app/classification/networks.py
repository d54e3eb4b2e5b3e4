"""Names the known networks an address belongs to: Apple's, Google's mail proxies, and the operator's own.

The collector asks this at the edge, because the address goes no further.
"""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from app.ip_addresses import IPNetwork, parsed_network

_BUILT_IN = (
    ("apple", "17.0.0.0/8"),  # the whole of it is Apple's (ARIN); Mail Privacy Protection also leaves from elsewhere
    ("google", "66.102.0.0/20"),  # Google's mail image proxies answer from these; the rest of its networks
    ("google", "66.249.80.0/20"),  # carry people too (Google Fi, Chrome's proxy), so they are not here
    ("google", "64.233.172.0/24"),
    ("google", "74.125.208.0/20"),
    ("google", "2001:4860:7::/48"),
)
_CACHE_SIZE = 16_384
"""Addresses remembered; they are held in memory only, and only here."""


class NetworkSpecError(ValueError):
    """`KNOWN_NETWORKS` cannot be read; the message names the item."""


class NetworkTable:
    """Looks addresses up in named networks. `known` is `name=cidr[,name=cidr]`, as in the setting `KNOWN_NETWORKS`.

    A name is judged by what stands before its first `-`: `office` is our own people, `scanner` a mail scanner,
    `proxy` a mail provider's proxy, `shared` an address of so many readers that rules across hits leave it alone. Any
    other name is noted and changes nothing. Raises `NetworkSpecError`.
    """

    def __init__(self, known: str = "") -> None:
        self._by_prefix: dict[tuple[int, int], dict[int, tuple[str, ...]]] = {}
        for name, cidr in _BUILT_IN:
            self._add(name, parsed_network(cidr, strict=True))
        for name, network in parse_networks(known):
            self._add(name, network)
        self.names = lru_cache(maxsize=_CACHE_SIZE)(self._names)
        """`names(address) -> tuple[str, ...]`: the networks' names, each once, the narrowest network's first.

        An address that cannot be read belongs to none. IPv4 inside IPv6 (`::ffff:17.1.2.3`) is looked up as IPv4.
        """

    def _add(self, name: str, network: IPNetwork) -> None:
        key = (network.version, network.prefixlen)
        shifted = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
        names = self._by_prefix.setdefault(key, {})
        names[shifted] = (*names.get(shifted, ()), name)
        self._by_prefix = dict(sorted(self._by_prefix.items(), key=lambda item: -item[0][1]))

    def _names(self, address: str) -> tuple[str, ...]:
        try:
            parsed = ip_address(address.partition("%")[0])
        except ValueError:
            return ()
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        number, bits = int(parsed), parsed.max_prefixlen
        found: dict[str, None] = {}
        for (version, prefix), networks in self._by_prefix.items():
            if version == parsed.version:
                found.update(dict.fromkeys(networks.get(number >> (bits - prefix), ())))
        return tuple(found)


def parse_networks(known: str) -> Iterable[tuple[str, IPNetwork]]:
    """Yield (name, network) for each item of `name=cidr[,name=cidr]`; blanks do not matter."""
    for item in filter(None, (part.strip() for part in known.split(","))):
        name, equals, cidr = (text.strip() for text in item.partition("="))
        if not equals or not name:
            raise NetworkSpecError(f"KNOWN_NETWORKS: {item!r} is not name=network; write office=203.0.113.0/24")
        try:
            yield name, parsed_network(cidr, strict=True)
        except ValueError as error:
            raise NetworkSpecError(f"KNOWN_NETWORKS: {item!r}: {error}; write office=203.0.113.0/24") from error
