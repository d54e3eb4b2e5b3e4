"""The file that tells tests where the services are, and the only thing `restart` needs to know."""

import json
import os
import sys
from pathlib import Path

from tests.services import apache_kafka, postgresql, redis_server
from tests.services.service import Service, start

READY = {"kafka": apache_kafka.is_ready, "postgres": postgresql.is_ready, "redis": redis_server.is_ready}
PREPARE = {"kafka": apache_kafka.prepare, "postgres": postgresql.prepare, "redis": redis_server.prepare}
VARIABLE = {"kafka": "KAFKA_URL", "postgres": "DATABASE_URL", "redis": "REDIS_URL"}


def write(path: Path, services: dict[str, Service]) -> None:
    """Write the state, mode 0600, in one step: a reader sees the old or the new one."""
    content = {
        name: service.as_dict() | {"restart": [sys.executable, "-m", "tests.services", "restart", name, str(path)]}
        for name, service in services.items()
    }
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(content, indent=2))
    draft.replace(path)


def read(path: Path) -> dict[str, Service]:
    """Return the services by name, as they were started last."""
    content = json.loads(path.read_text())
    for entry in content.values():
        del entry["restart"]
    return {name: Service(**entry) for name, entry in content.items()}


def restart(path: Path, name: str) -> Service:
    """Start one service again on its data, wait until it is ready, and note its new pid.

    The caller has killed it before. Not for two callers at once: the file is written as a whole.
    """
    services = read(path)
    start(services[name], READY[name])
    write(path, services)
    return services[name]
