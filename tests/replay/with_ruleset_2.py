"""`heliograph …` in which ruleset 2 exists: `python -m tests.replay.with_ruleset_2 replay …`.

With `STAND_STILL_AT=state` in the environment it stands still as soon as it has noted a month as being in that state,
and writes so into the file `STANDS_STILL`: whoever sends it a signal knows exactly where it arrives.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from app.cli import main
from clickhouse.shadow import Shadow
from tests.replay.rulesets import register


def stand_still(at: str, announce: Callable[[], None]) -> None:
    """Make a shadow stand still after noting that state."""
    note = Shadow._note

    async def noted(self: Shadow, month: int, state: str) -> None:
        await note(self, month, state)
        if state == at:
            announce()
            await asyncio.Event().wait()

    Shadow._note = noted  # type: ignore[method-assign]


if __name__ == "__main__":
    register()
    if state := os.environ.get("STAND_STILL_AT"):
        stand_still(state, Path(os.environ["STANDS_STILL"]).touch)
    main()
