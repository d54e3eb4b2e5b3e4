"""A campaign on the running product: from the button to the count, through a pause, and over a worker that died."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from app.campaigns.models import CampaignPixel
from app.identity.models import User
from app.identity.service import create_api_key
from app.store.database import Database
from tests.fixtures.stack import Stack
from tests.pipeline.wire import ask, path_of, request

PATH = "/api/admin/campaigns"
CHROME = (
    b"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)


class Admin:
    """The owner of the product's first organisation, with a key that may change things."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.database = Database(stack.ready["database_url"])

    async def __aenter__(self) -> "Admin":
        async with self.database.session() as session:
            owner = (await session.scalars(select(User).where(User.role == "owner"))).one()
            key = await create_api_key(session, owner, "test", ("read", "write"))
        headers = {"authorization": f"Bearer {key}"}
        self.client = httpx.AsyncClient(base_url=self.stack.ready["api_url"], headers=headers, timeout=30)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()
        await self.database.dispose()

    async def post(self, path: str, **body: Any) -> dict[str, Any]:
        answer = await self.client.post(PATH + path, json=body)
        assert answer.is_success, answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def get(self, path: str) -> dict[str, Any]:
        answer = await self.client.get(PATH + path)
        assert answer.is_success, answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def open_pixel(self, campaign: dict[str, Any], *, times: int = 1) -> None:
        """Load the campaign's pixel as a reader would, and wait until the store has confirmed it."""
        async with self.database.reading() as session:
            token = await session.scalar(
                select(CampaignPixel.token).where(CampaignPixel.campaign_id == UUID(campaign["id"]))
            )
        hit = request(f"/api/t/p/{token}.gif", headers=(("User-Agent", CHROME),))
        assert all(answer.is_gif for answer in await ask(self.stack.collector_url, *[hit] * times))
        await asyncio.to_thread(self.stack.wait_settled)


async def test_an_open_of_a_campaign_counts_while_it_is_active_and_is_dropped_and_shown_while_it_is_paused(
    stack: Stack,
) -> None:
    stack.wait_settled()
    async with Admin(stack) as admin:
        campaign = await admin.post("", name="Autumn")
        await admin.post(f"/{campaign['id']}/start")
        await admin.open_pixel(campaign, times=2)
        found = await admin.get(f"/{campaign['id']}/stats")
        assert (found["opens"], found["unique"], found["activePeople"], found["dropped"]) == (2, 1, 1, [])
        await admin.post(f"/{campaign['id']}/pause")
        await admin.open_pixel(campaign, times=3)
        async with asyncio.timeout(30):  # nobody announces a drop: an answer that is remembered is a few seconds old
            while not (found := await admin.get(f"/{campaign['id']}/stats"))["dropped"]:
                await asyncio.sleep(0.5)
        assert (found["opens"], found["dropped"]) == (2, [{"reason": "campaign_not_active", "hits": 3}])
        await admin.post(f"/{campaign['id']}/resume")
        await admin.open_pixel(campaign)
        assert (await admin.get(f"/{campaign['id']}/stats"))["opens"] == 3
    assert stack.get("/api/tracking/my-stats")["today"]["opens"] == 0, "the campaign's pixel is not the person's own"


async def test_a_users_token_on_the_path_of_campaigns_is_nobodys(stack: Stack) -> None:
    stack.wait_settled()
    path = path_of(stack.user_pixel_url).replace("/api/t/u/", "/api/t/p/")
    [answer] = await ask(stack.collector_url, request(path, headers=(("User-Agent", CHROME),)))
    assert answer.is_gif
    stack.wait_settled()
    assert stack.rows("SELECT reason, user_id FROM drops WHERE reason = 'unknown_token'") == [("unknown_token", None)]


async def test_a_start_that_came_while_no_worker_was_there_happens_when_one_is_back(stack: Stack) -> None:
    stack.wait_settled()
    async with Admin(stack) as admin:
        soon = datetime.now(UTC) + timedelta(seconds=1)
        campaign = await admin.post("", name="Planned", startsAt=soon.isoformat())
        stack.kill("worker")
        deadline = time.monotonic() + 60
        while (now := await admin.get(f"/{campaign['id']}"))["state"] == "draft":
            assert time.monotonic() < deadline, stack.log_text("worker")[-4000:]
            await asyncio.sleep(0.2)
        assert (now["state"], now["people"]) == ("active", 1)
        assert datetime.fromisoformat(now["startedAt"]) >= soon, "never before its time"
        await admin.open_pixel(campaign)
        assert (await admin.get(f"/{campaign['id']}/stats"))["opens"] == 1
