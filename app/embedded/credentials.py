"""Random passwords of the embedded services, made once for each data directory, and the owner's read key."""

import json
import secrets
from dataclasses import asdict, dataclass, replace

from app.embedded.data_dir import DataDir, write_private_json


@dataclass(frozen=True)
class Credentials:
    """What `secrets.json` holds. `api_key` is None until the first start has made one."""

    redis_password: str
    clickhouse_password: str
    api_key: str | None = None

    @classmethod
    def of(cls, data: DataDir) -> "Credentials":
        """Read the directory's credentials, or make and keep new ones."""
        try:
            stored = json.loads(data.credentials.read_text())
            return cls(**{name: stored.get(name) for name in cls.__dataclass_fields__})
        except (FileNotFoundError, ValueError):
            # Nothing but running processes depends on an old password, and none of ours run now.
            made = cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24))
            made.keep(data)
            return made

    def with_api_key(self, api_key: str) -> "Credentials":
        """Return these credentials with another read key."""
        return replace(self, api_key=api_key)

    def keep(self, data: DataDir) -> None:
        """Write `secrets.json`, mode 0600."""
        write_private_json(data.credentials, asdict(self))
