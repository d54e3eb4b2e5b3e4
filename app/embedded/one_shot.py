"""A child that does one thing and answers with its last line, so that the launcher need not load what it needs."""

import asyncio
import sys
from collections.abc import Callable, Mapping

from app.embedded.child import Child


class OneShotError(RuntimeError):
    """The child failed; the message is the last thing it said."""


async def run_module(
    module: str,
    *arguments: str,
    env: Mapping[str, str],
    on_line: Callable[[str], None] = lambda _line: None,
) -> str:
    """Run `python -m module`, return the last line it printed; the lines before it go to `on_line`.

    Raises `OneShotError` when it ends with another code than 0. It ends with us, also when the caller is cancelled.
    """
    last = ""

    def keep(line: str) -> None:
        nonlocal last
        if last:
            on_line(last)
        last = line

    child = await Child.start((sys.executable, "-m", module, *arguments), env=env, on_line=keep)
    try:
        code = await child.wait()
    finally:
        if child.is_running:
            child.kill()
            await asyncio.shield(child.wait())
    if code:
        raise OneShotError(last.strip() or f"{module} ended with code {code}")
    return last
