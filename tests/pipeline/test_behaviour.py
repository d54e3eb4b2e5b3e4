"""A scanner through the collector is counted at first, then corrected; a thread of twelve signatures is not."""

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from app.identity.models import User
from app.identity.service import create_user, ensure_token
from app.store.base import utc_now
from app.store.database import Database
from app.store.watermarks import note
from streams.spans import LATE_HOUR
from tests.fixtures.stack import IN_A_HURRY, Stack
from tests.kill.accounts import assert_accounts_agree
from tests.pipeline.wire import ask, path_of, request

STACK_ENV = IN_A_HURRY
PEOPLE = 40
_CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
)
_FOUND = "SELECT count() FROM reclassifications"


@pytest.fixture(scope="module")
def pixels(stack: Stack) -> list[str]:
    """Pixel paths of the organisation's people, first the path of the one who reads the page."""
    return asyncio.run(_people(stack))


async def _people(stack: Stack) -> list[str]:
    own = path_of(stack.user_pixel_url)
    database = Database(stack.settings_env()["DATABASE_URL"])
    paths = [own]
    async with database.session() as session:
        owner = await session.get_one(User, UUID(stack.get("/api/me")["user"]["id"]))
        for number in range(PEOPLE - 1):
            user = await create_user(
                session,
                organisation_id=owner.organisation_id,
                email=f"colleague-{number}@x.test",
                name=f"Colleague {number}",
            )
            token = await ensure_token(session, user)
            paths.append(f"{own.rpartition('/')[0]}/{token.token}.gif")
    await database.dispose()
    return paths


def agent() -> bytes:
    """Return a person's user agent that no other test has: with one address that is a visitor of its own."""
    return _CHROME.format(100 + secrets.randbelow(10**9)).encode()


async def load(stack: Stack, paths: list[str], user_agent: bytes) -> None:
    answers = await ask(stack.collector_url, *[request(p, headers=(("User-Agent", user_agent),)) for p in paths])
    assert all(answer.is_gif for answer in answers)


def until(says: Callable[[], bool], what: str, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not says():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.2)


def looks(stack: Stack) -> float:
    """Return how many looks across hits the worker has made to their end."""
    return stack.worker_metric("heliograph_behaviour_runs_total")


def wait_for_a_look(stack: Stack) -> None:
    """Wait until a look that began after this moment has ended: the second one to end from now on."""
    stack.wait_settled()
    before = looks(stack)
    until(lambda: looks(stack) >= before + 2, "two looks across hits")


async def test_a_scanner_is_counted_first_and_then_taken_back_and_open_pages_hear_of_it(
    stack: Stack, pixels: list[str]
) -> None:
    before = stack.get("/api/tracking/my-stats")
    mark = agent()
    await load(stack, pixels, mark)
    await asyncio.to_thread(stack.wait_settled)
    rows = stack.rows("SELECT open_class FROM events WHERE user_agent = %(agent)s", {"agent": mark.decode()})
    assert rows == [("human",)] * PEOPLE, "each hit by itself is a person's, and stays so in the log"
    await asyncio.to_thread(until, lambda: stack.value(_FOUND) == 1, "a correction")
    [found] = stack.rows("SELECT rule, tokens, opens, open_class, reasons FROM reclassifications")
    assert found == ("many_tokens", PEOPLE, PEOPLE, "scanner", ["behaviour_many_tokens"])
    after = stack.get("/api/tracking/my-stats")
    assert after["today"] == before["today"]
    assert after["notCounted"]["byReason"] == {"scanner": 1}
    newest = stack.get("/api/tracking/my-opens?limit=1")["data"][0]
    assert (newest["openClass"], newest["isCounted"], newest["reasons"]) == (
        "scanner",
        False,
        ["behaviour_many_tokens"],
    )
    await load(stack, pixels[:1], mark)  # what comes later of this visitor is taken back too
    await asyncio.to_thread(stack.wait_settled)
    assert stack.get("/api/tracking/my-stats")["today"] == before["today"]
    assert_accounts_agree(stack)


async def test_a_thread_with_twelve_signatures_stays_a_persons(stack: Stack, pixels: list[str]) -> None:
    before, corrected = stack.get("/api/tracking/my-stats")["today"]["opens"], stack.value(_FOUND)
    reader = agent()
    for _ in range(3):
        await load(stack, pixels[:12], reader)
    await asyncio.to_thread(wait_for_a_look, stack)
    assert stack.value(_FOUND) == corrected
    assert stack.get("/api/tracking/my-stats")["today"]["opens"] == before + 3


async def test_one_signature_again_and_again_is_taken_back(stack: Stack, pixels: list[str]) -> None:
    before = stack.get("/api/tracking/my-stats")["today"]
    corrected = stack.value(_FOUND)
    await load(stack, pixels[:1] * 25, agent())
    await asyncio.to_thread(until, lambda: stack.value(_FOUND) == corrected + 1, "a correction")
    assert stack.get("/api/tracking/my-stats")["today"] == before


async def test_what_is_found_again_and_again_while_workers_die_is_written_once(stack: Stack, pixels: list[str]) -> None:
    corrected = stack.value(_FOUND)
    agents = [agent() for _ in range(4)]
    for number, user_agent in enumerate(agents):
        await load(stack, pixels, user_agent)
        await asyncio.sleep(0.3 * number)
        await asyncio.to_thread(stack.kill, "worker", *(["broker"] if number == 2 else []))
    await asyncio.to_thread(stack.wait_settled)
    await asyncio.to_thread(until, lambda: stack.value(_FOUND) == corrected + len(agents), "all corrections", 150)
    await _note_this_hour(stack)
    await asyncio.to_thread(wait_for_a_look, stack)
    assert stack.value(_FOUND) == corrected + len(agents)
    assert stack.value("SELECT count(DISTINCT organisation_id, visitor) FROM reclassifications") == stack.value(_FOUND)
    assert_accounts_agree(stack)


async def _note_this_hour(stack: Stack) -> None:
    """Have everything judged again, as if something had come late."""
    database = Database(stack.settings_env()["DATABASE_URL"])
    hour = int((utc_now() - timedelta(seconds=1)).timestamp()) // 3600
    await note(database, [f"{LATE_HOUR}{hour}", f"{LATE_HOUR}{hour - 1}"])
    await database.dispose()
