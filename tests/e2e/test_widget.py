"""The widget in a real browser, on a page of another origin: `app/ui/e2e/widget.e2e.ts` against the API."""

import asyncio
import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.embedded.ports import find_free
from app.identity.models import ApiKey
from app.identity.service import create_api_key
from app.interface import DIST
from app.settings import Settings
from tests.e2e.npm import build_interface, npm
from tests.fixtures.api import Clock, running_api

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)  # a Thursday


@pytest.mark.browser
@pytest.mark.timeout(300)
async def test_it_shows_its_owners_numbers_on_a_page_of_another_origin(api_settings: Settings) -> None:
    await asyncio.to_thread(build_interface)
    [port] = find_free(1)
    async with running_api(api_settings, Clock(NOON), DIST) as api:
        owner = await api.owner()
        for number in range(24):
            await api.store_open(owner, NOON - timedelta(hours=3 * number))
        for number in range(10):
            await api.store_open(owner, NOON - timedelta(days=7, hours=1 + number))
        await api.store_open(owner, NOON - timedelta(hours=1), open_class="scanner")
        async with api.database.session() as session:
            keys = [
                await create_api_key(session, owner, name, ("widget",), allowed_origins=[origin])
                for name, origin in (
                    ("here", f"http://127.0.0.1:{port}"),
                    ("elsewhere", "https://other.example"),
                    ("revoked", f"http://127.0.0.1:{port}"),
                )
            ]
            await session.execute(update(ApiKey).where(ApiKey.name == "revoked").values(revoked_at=NOON))
        env = {
            "WIDGET_HOST": api.url,
            "WIDGET_PAGE_PORT": str(port),
            "WIDGET_KEY": keys[0],
            "WIDGET_KEY_ELSEWHERE": keys[1],
            "WIDGET_KEY_REVOKED": keys[2],
        }
        if "WIDGET_SHOTS" in os.environ:
            env["WIDGET_SHOTS"] = os.environ["WIDGET_SHOTS"]
        await asyncio.to_thread(npm, "run", "--silent", "e2e", "--", "widget", env=env)
