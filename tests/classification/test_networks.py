"""Known networks."""

import pytest

from app.classification.networks import NetworkSpecError, NetworkTable


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("17.58.63.10", ("apple",)),
        ("::ffff:17.58.63.10", ("apple",)),
        ("66.249.93.1", ("google",)),
        ("203.0.113.9", ("office",)),
        ("203.0.113.77", ("scanner-x", "office")),
        ("2001:db8:1::5", ("office-v6",)),
        ("2001:db8:1::5%eth0", ("office-v6",)),
        ("8.8.8.8", ()),
        ("18.0.0.0", ()),
        ("", ()),
        ("not an address", ()),
        ("203.0.113.9:443", ()),
    ],
)
def test_an_address_has_the_names_of_its_networks_the_narrowest_first(address: str, names: tuple[str, ...]) -> None:
    table = NetworkTable("office=203.0.113.0/24, scanner-x=203.0.113.77/32,,office-v6=2001:db8:1::/48")
    assert table.names(address) == names
    assert table.names(address) == names


def test_a_network_of_mapped_addresses_is_that_of_ipv4() -> None:
    assert NetworkTable("office=::ffff:203.0.113.0/120").names("203.0.113.9") == ("office",)


@pytest.mark.parametrize("spec", ["203.0.113.0/24", "office=", "=10.0.0.0/8", "office=10.0.0.1/8", "office=berlin"])
def test_a_setting_that_cannot_be_read_names_its_item(spec: str) -> None:
    with pytest.raises(NetworkSpecError, match="KNOWN_NETWORKS"):
        NetworkTable("ok=10.0.0.0/8," + spec)
