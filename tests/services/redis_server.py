"""Redis: one server with a password, its append-only file in the tests' directory."""

import secrets
import shutil
from pathlib import Path

import redis.asyncio
import redis.exceptions

from tests.services.service import MissingPartError, Service, free_port


def prepare(base: Path) -> Service:
    """Write the configuration. Raises `MissingPartError`."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise MissingPartError("Redis is not installed: apt-get install redis-server")
    home = base / "redis"
    home.mkdir()
    port, password = free_port(), secrets.token_urlsafe(18)
    configuration = home / "redis.conf"
    configuration.write_text(
        f"bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir {home}\n"
        "appendonly yes\nappendfsync everysec\nsave ''\n".replace("''", '""')
    )
    configuration.chmod(0o600)
    return Service(
        name="redis",
        command=[program, str(configuration)],
        log=str(base / "redis.log"),
        port=port,
        url=f"redis://:{password}@127.0.0.1:{port}/0",
    )


async def is_ready(service: Service) -> None:
    """Ping the server; raises while it does not answer or still loads its file."""
    client = redis.asyncio.from_url(service.url)
    try:
        await client.ping()
    except redis.exceptions.RedisError as error:
        raise ConnectionError(f"Redis on port {service.port}: {error}") from error
    finally:
        await client.aclose()
