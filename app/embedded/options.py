"""What the person who starts the product chose."""

import socket
from dataclasses import dataclass
from pathlib import Path

_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104  # names, not a choice

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class UpOptions:
    """The options of `heliograph up`."""

    data: Path
    port: int = 8800
    """API and pages; the worker's metrics are two above."""
    host: str = "127.0.0.1"
    collector_port: int | None = None
    """Pixels; one above `port` unless given."""
    has_demo: bool = False
    broker_memory_limit_mb: int = 512
    is_verbose: bool = False

    @property
    def is_private(self) -> bool:
        """Whether only this machine itself can reach what we serve."""
        return self.host in _LOOPBACK

    @property
    def is_everywhere(self) -> bool:
        """Whether we listen on every address of this machine."""
        return self.host in _ANY

    @property
    def pixel_port(self) -> int:
        """The port the collector listens on."""
        return self.port + 1 if self.collector_port is None else self.collector_port

    @property
    def worker_port(self) -> int:
        """The port of the worker's metrics and readiness."""
        return self.port + 2

    @property
    def local_host(self) -> str:
        """Where our own probes reach what listens on `host`."""
        return _ANY.get(self.host, self.host)

    @property
    def visible_host(self) -> str:
        """The host for URLs given to people: this machine's own address when we listen on all of them."""
        if self.host not in _ANY:
            return self.host
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                # Connecting a datagram socket sends nothing: it only asks the routing table (a documentation address).
                probe.connect(("192.0.2.1", 9))
                return str(probe.getsockname()[0])
            except OSError:
                return "127.0.0.1"
