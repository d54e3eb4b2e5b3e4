"""The one block a start ends with: where to go, what to try, how to stop."""

import os
import shlex
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
    program = command(data)
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
        f"    {program} demo     50 people, 90 days of opens, three campaigns",
        f"    {program} verify   recount every number from the log",
        f"    {program} sql '{_QUESTION}'",
        "",
        f"  Everything is kept in {data}. Stop with Ctrl-C.",
        _RULE,
        "",
    ]


def command(data: Path) -> str:
    """Return how a shell calls this product from here: as short as it can be typed."""
    program = Path(sys.executable).with_name("heliograph")
    found = shutil.which("heliograph")
    words = ["heliograph" if found == str(program) else os.path.relpath(program)]
    return shlex.join(words if Path("data").resolve() == data else [*words, "--data", str(data)])
