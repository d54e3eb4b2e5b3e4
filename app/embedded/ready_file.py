"""`ready.json`: how a script finds the running product, and the environment that leads other commands to it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.embedded.data_dir import DataDir, write_private_json
from app.embedded.plan import CLICKHOUSE, DATABASE, KAFKA, REDIS, Plan

_ADDRESSES = {
    "api_url": "PUBLIC_URL",
    "collector_url": "COLLECTOR_PUBLIC_URL",
    "kafka_url": KAFKA,
    "clickhouse_url": CLICKHOUSE,
    "redis_url": REDIS,
    "database_url": DATABASE,
}
"""Key in the file → setting."""


def write(plan: Plan, *, pids: Mapping[str, int], people: Mapping[str, str]) -> None:
    """Write the file (mode 0600, atomic): addresses, `pids` by process name, and what `first_run` made."""
    addresses = {key: plan.env[setting] for key, setting in _ADDRESSES.items()}
    addresses["worker_url"] = f"http://{plan.env['WORKER_HOST']}:{plan.env['WORKER_PORT']}"
    write_private_json(plan.data.ready, {**addresses, "pids": dict(pids), **people})


def read(root: Path) -> dict[str, Any] | None:
    """Return the file's content, or None where nothing runs."""
    try:
        content = json.loads((root / "ready.json").read_text())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def remove(data: DataDir) -> None:
    """Remove the file: the product is not ready (any more)."""
    data.ready.unlink(missing_ok=True)


def settings_of(root: Path) -> dict[str, str]:
    """Return the settings by which a command reaches the product that runs on `root`; none if none runs."""
    ready = read(root) or {}
    return {setting: str(ready[key]) for key, setting in _ADDRESSES.items() if key in ready}
