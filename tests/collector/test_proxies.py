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
    ],
)
def test_the_client_is_the_rightmost_address_that_is_no_proxy(peer: str, forwarded: bytes | None, client: str) -> None:
    assert RESOLVE(peer, forwarded) == client


def test_without_trusted_proxies_the_header_is_ignored() -> None:
    assert client_address(())("10.0.0.1", b"198.51.100.1") == "10.0.0.1"


def test_a_wrong_network_is_named() -> None:
    with pytest.raises(ProxySettingError, match=r"10\.0\.0\.0/33"):
        parse_networks("10.0.0.0/8,10.0.0.0/33")
