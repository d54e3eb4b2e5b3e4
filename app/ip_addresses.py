"""IP addresses in one canonical form: whatever is compared, hashed or looked up went through here first.

One client is written in many ways: as IPv4, as IPv4 inside IPv6 (`::ffff:8.8.8.8`, `::ffff:808:808`: what a dual-stack
socket reports), with a port, brackets or a zone, in either case, with or without zeros (RFC 4291, RFC 5952).
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network
_MOST_CHARACTERS = 128
_MAPPED_BITS = 96
"""Bits of `::ffff:0:0/96`, in which IPv6 holds all of IPv4 (RFC 4291, 2.5.5.2)."""


def parsed_address(text: str) -> IPAddress | None:
    """Return the address without port, brackets, quotes and zone, IPv4-mapped IPv6 as IPv4; None if it is none."""
    bare = text.strip(' \t"') if len(text) <= _MOST_CHARACTERS else ""
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:  # IPv4 and its port; IPv6 has two colons at least
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def canonical_address(text: str) -> str:
    """Return the canonical text of an address; what is none, such as the empty peer of a socket file, as it came."""
    address = parsed_address(text)
    return text if address is None else str(address)


def parsed_network(text: str, *, strict: bool) -> IPNetwork:
    """Return the network of a CIDR, one inside `::ffff:0:0/96` as IPv4: it is compared with canonical addresses.

    Raises `ValueError` for what is none, and with `strict` for an address that has bits beyond the prefix.
    """
    network = ip_network(text, strict=strict)
    first = network.network_address
    if isinstance(first, IPv6Address) and first.ipv4_mapped is not None and network.prefixlen >= _MAPPED_BITS:
        return IPv4Network((first.ipv4_mapped, network.prefixlen - _MAPPED_BITS))
    return network
