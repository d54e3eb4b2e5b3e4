"""The one block a start ends with: where to go, what to try, how to stop."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from app.embedded.plan import Plan

_QUESTION = "SELECT open_class, count() FROM events GROUP BY 1"
_RULE = "─" * 76


def lines(plan: Plan, people: Mapping[str, str]) -> list[str]:
    """Return the lines of the block; each address stands alone on its line, so that it can be clicked or copied."""
    public, data = plan.env["PUBLIC_URL"], plan.data.root
    minutes = plan.env.get("SIGNIN_LINK_MINUTES", "60")
    command = _command(data)
    return [
        "",
        _RULE,
        f"  Heliograph is running at {public}",
        "",
        f"  Sign in (this link works once, for {minutes} minutes):",
        f"    {people['signin_url']}",
        "",
        "  Your pixel:",
        f"    {people['user_pixel_url']}",
        "",
        "  Try this: sign in, open the pixel in another tab, and watch the number move.",
        "  More:",
        f"    {command} demo     50 people, 90 days of opens, three campaigns",
        f"    {command} verify   recount every number from the log",
        f"    {command} sql '{_QUESTION}'",
        "",
        f"  Everything is kept in {data}. Stop with Ctrl-C.",
        _RULE,
        "",
    ]


def _command(data: Path) -> str:
    """Return how this product is called from here: as short as it can be typed."""
    program = Path(sys.executable).with_name("heliograph")
    found = shutil.which("heliograph")
    name = "heliograph" if found == str(program) else os.path.relpath(program)
    return name if Path("data").resolve() == data else f"{name} --data {data}"
