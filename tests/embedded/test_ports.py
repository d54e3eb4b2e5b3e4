import socket

import pytest

from app.embedded.errors import PortTakenError, StartError
from app.embedded.ports import find_free, find_free_triple, is_free, require_free


def test_a_taken_port_is_named_together_with_the_option_that_helps() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=rf"Port {port} \(API and pages\) is taken.*--port"):
            require_free("127.0.0.1", port, purpose="API and pages")


def test_free_ports_are_different_free_and_outside_the_range_of_outgoing_connections() -> None:
    found = find_free(5)
    assert len(set(found)) == 5
    assert all(is_free("127.0.0.1", port) and port < 32_768 for port in found)


def test_a_triple_is_free_as_a_whole() -> None:
    first = find_free_triple()
    assert all(is_free("127.0.0.1", first + step) for step in range(3))


def test_an_address_that_is_not_ours_is_refused_with_the_option_that_helps() -> None:
    with pytest.raises(StartError, match="--host"):
        is_free("203.0.113.7", 8800)
