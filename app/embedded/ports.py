"""Ports: check the ones people asked for, find free ones for the services nobody talks to by hand."""

import errno
import random
import socket

from app.embedded.errors import PortTakenError, StartError

# Below the range from which kernels take ports for outgoing connections (Linux from 32768, macOS from 49152). A port
# from that range may be taken by anybody's connection while our service restarts; worse, a client that knocks at a
# closed port of the range can connect to itself and keep it.
_LOWEST, _HIGHEST = 20_000, 32_000


def is_free(host: str, port: int) -> bool:
    """Say whether a server could listen on `host:port` now. Raises `StartError` for an address that is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError:
            raise StartError(
                f"Port {port} may only be used by the system's administrator: choose one above 1023 with --port."
            ) from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise StartError(f"Cannot listen on {host}: {error.strerror}. Choose another one with --host.") from None
    return True


def require_free(host: str, port: int, *, purpose: str, option: str = "--port") -> None:
    """Raise `PortTakenError`, naming port, purpose and option, unless `host:port` is free."""
    if not is_free(host, port):
        raise PortTakenError(
            f"Port {port} ({purpose}) is taken by another program. Choose another one: {option} {port + 100}"
        )


def find_free(count: int, *, host: str = "127.0.0.1") -> list[int]:
    """Return `count` different ports on which nothing listens, outside the range of outgoing connections."""
    found: list[int] = []
    for port in random.sample(range(_LOWEST, _HIGHEST), 2_000):
        if len(found) == count:
            return found
        if is_free(host, port):
            found.append(port)
    raise StartError(f"Found no {count} free ports between {_LOWEST} and {_HIGHEST} on {host}.")


def find_free_triple(*, host: str = "127.0.0.1") -> int:
    """Return a port that is free together with the two after it: API, collector and worker."""
    for first in random.sample(range(_LOWEST, _HIGHEST, 3), 2_000):
        if all(is_free(host, first + step) for step in range(3)):
            return first
    raise StartError(f"Found no three free ports in a row between {_LOWEST} and {_HIGHEST} on {host}.")
