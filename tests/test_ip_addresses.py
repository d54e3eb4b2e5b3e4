"""One client has one address, however it is written."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ip_addresses import canonical_address, parsed_network

IPV4 = st.ip_addresses(v=4).map(IPv4Address)
IPV6 = st.ip_addresses(v=6).map(IPv6Address)
PORTS = st.integers(0, 65_535)


@given(IPV4, PORTS)
def test_an_ipv4_client_is_one_client_however_it_is_written(address: IPv4Address, port: int) -> None:
    high, low = int(address) >> 16, int(address) & 0xFFFF
    written = [
        f"{address}",
        f" {address}:{port}",
        f"::ffff:{address}",
        f"::FFFF:{high:x}:{low:x}",
        f"0:0:0:0:0:ffff:{high:04x}:{low:04x}",
        f"[::ffff:{address}]:{port}",
        f"[::ffff:{high:x}:{low:x}]",
        f"::ffff:{address}%eth0",
        f'"{address}:{port}"',
    ]
    assert {canonical_address(text) for text in written} == {str(address)}


@given(IPV6.filter(lambda address: address.ipv4_mapped is None), PORTS)
def test_an_ipv6_client_is_one_client_however_it_is_written(address: IPv6Address, port: int) -> None:
    written = [
        address.compressed,
        address.exploded,
        address.exploded.upper(),
        f"[{address}]",
        f"[{address.exploded}]:{port}",
        f"{address}%eth0",
        f"[{address}%25en0]:{port}",
    ]
    assert {canonical_address(text) for text in written} == {address.compressed}


@given(st.text(max_size=60))
def test_making_an_address_canonical_twice_changes_nothing_more(text: str) -> None:
    once = canonical_address(text)
    assert canonical_address(once) == once


@pytest.mark.parametrize("text", ["", "unix:", "unknown", "_hidden", "256.1.1.1", "1.2.3", ":" * 100_000, "1" * 200])
def test_what_is_no_address_stays_as_it_is(text: str) -> None:
    assert canonical_address(text) == text


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:10.1.2.3", "10.1.2.3/32"),
        ("::ffff:0:0/96", "0.0.0.0/0"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("::/0", "::/0"),
    ],
)
def test_a_network_of_mapped_addresses_is_the_network_of_ipv4(text: str, network: str) -> None:
    assert str(parsed_network(text, strict=True)) == network
