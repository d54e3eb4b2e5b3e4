"""Runs the interface's npm scripts with the Node that built it."""

import fcntl
import subprocess
from collections.abc import Mapping
from pathlib import Path

from scripts.install import CACHE, build_ui, find_node

UI = Path(__file__).parents[2] / "app" / "ui"


def node_environment() -> dict[str, str]:
    """Return an environment whose PATH finds a Node that is new enough; raises `AssertionError` if there is none."""
    node = find_node()
    assert node is not None, "No Node.js of version 20.19 or newer: `make install` installs one"
    return node | {"NO_COLOR": "1", "FORCE_COLOR": "0", "npm_config_loglevel": "error"}


def npm(*arguments: str, env: Mapping[str, str] | None = None) -> str:
    """Run `npm …` in app/ui and return what it printed; raises `AssertionError` with that text if it failed."""
    done = subprocess.run(
        ["npm", *arguments],
        cwd=UI,
        env=node_environment() | dict(env or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"npm {' '.join(arguments)}\n{done.stdout[-8000:]}"
    return done.stdout


def build_interface() -> None:
    """Build what the product serves if its sources changed; what is served meanwhile to other tests stays in place."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "ui.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build_ui(node_environment())
