"""The worker's timer of campaigns."""

import asyncio

from app.campaigns.timer import CampaignTimer

LOOK_SECONDS = 2.0
"""How late a start or an end may be. A look at nothing due is one read of a small table."""


async def keep_times(timer: CampaignTimer) -> None:
    """Look until cancelled."""
    while True:
        await timer.look()
        await asyncio.sleep(LOOK_SECONDS)
