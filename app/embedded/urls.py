"""Service URLs that people give: those no driver would understand are refused before anything starts."""

import re
from collections.abc import Mapping

from app.embedded.errors import StartError

FORMS = {
    "KAFKA_URL": (r"kafka://[^\s,/]+:\d+(,(kafka://)?[^\s,/]+:\d+)*", "kafka://host:9092[,host:9092]"),
    "CLICKHOUSE_URL": (r"https?://[^\s/]+(/\S*)?", "http://user:password@host:8123/database"),
    "REDIS_URL": (r"rediss?://[^\s/]+(/\S*)?|unix://\S+", "redis://:password@host:6379/0"),
    "DATABASE_URL": (
        r"sqlite\+aiosqlite:///.+|postgresql\+asyncpg://[^\s/]+/\S+",
        "postgresql+asyncpg://user:password@host/database",
    ),
}
"""Setting → what its URL looks like, and an example."""


def require_usable(environment: Mapping[str, str]) -> None:
    """Raise `StartError` for a URL of another form; it may hold a password, so it is not repeated."""
    for name, (form, example) in FORMS.items():
        url = environment.get(name, "")
        if url and not re.fullmatch(form, url):
            raise StartError(
                f"{name} is not a URL that we can use. It looks like {example}; without it, one is started."
            )
