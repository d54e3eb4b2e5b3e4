"""Only a trusted proxy may say who the client is."""

import pytest

from app.collector.proxies import ProxySettingError, client_address, parse_networks

RESOLVE = client_address(parse_networks("10.0.0.0/8, 2001:db8::/32"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.5", None, "203.0.113.5"),
        ("203.0.113.5", b"198.51.100.1", "203.0.113.5"),
        ("10.0.0.1", b"198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", b"1.2.3.4, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        ("10.0.0.1", b"spoofed, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", b"198.51.100.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", b"", "10.0.0.1"),
        ("10.0.0.1", b"198.51.100.1:4711", "198.51.100.1"),
        ("2001:db8::1", b"[2001:dead::1]:443", "2001:dead::1"),
        ("::ffff:10.0.0.1", b"198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", b"10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("::ffff:203.0.113.5", None, "203.0.113.5"),
        ("::ffff:cb00:7105", b"198.51.100.1", "203.0.113.5"),
        ("fe80::1%eth0", None, "fe80::1"),
        ("10.0.0.1", b"::ffff:8.8.8.8", "8.8.8.8"),
        ("10.0.0.1", b"::ffff:808:808", "8.8.8.8"),
        ("10.0.0.1", b"[::ffff:8.8.8.8]:443", "8.8.8.8"),
        ("10.0.0.1", b"8.8.8.8, ::ffff:10.0.0.9", "8.8.8.8"),
        ("10.0.0.1", b"2001:DEAD:0:0::1", "2001:dead::1"),
        ("10.0.0.1", b"[fe80::1%25eth0]:443", "fe80::1"),
    ],
)
def test_the_client_is_the_rightmost_address_that_is_no_proxy(peer: str, forwarded: bytes | None, client: str) -> None:
    assert RESOLVE(peer, forwarded) == client


def test_without_trusted_proxies_the_header_is_ignored() -> None:
    assert client_address(())("10.0.0.1", b"198.51.100.1") == "10.0.0.1"


def test_without_trusted_proxies_the_peer_is_canonical_all_the_same() -> None:
    assert client_address(())("::ffff:8.8.8.8", b"198.51.100.1") == "8.8.8.8"


def test_a_trusted_network_may_be_written_as_mapped_addresses() -> None:
    resolve = client_address(parse_networks("::ffff:10.0.0.0/104"))
    assert resolve("10.0.0.1", b"198.51.100.1") == "198.51.100.1"


def test_a_wrong_network_is_named() -> None:
    with pytest.raises(ProxySettingError, match=r"10\.0\.0\.0/33"):
        parse_networks("10.0.0.0/8,10.0.0.0/33")
