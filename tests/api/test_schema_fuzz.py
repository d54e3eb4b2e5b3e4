"""Schemathesis over the whole description: no 5xx, no answer the description does not name, errors are problems.

One running API for the whole file, over real stores. Everybody who asks has a session of their own for each operation,
so that signing out, ending sessions or setting a password ends nobody else's walk.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from pydantic import SecretStr
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks
from sqlalchemy import select

from app.campaigns.models import Campaign
from app.dependencies import CSRF_HEADER, SESSION_COOKIE
from app.identity.caller import start_session
from app.identity.models import Session, User
from app.identity.secrets import digest
from app.main import create_app
from app.settings import Settings
from tests.fixtures.api import Api, Clock, empty_store, running_api
from tests.fixtures.valkey import Valkey

STREAM = "/api/stream"
"""Not walked: its answer does not end. `test_the_stream_refuses_what_it_does_not_know` asks it by hand."""
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
DESCRIPTION = create_app(Settings()).openapi()


def described(*, is_every_boundary_walked: bool) -> Any:
    """Return what Schemathesis makes requests from, the same ones in each run."""
    config = SchemathesisConfig()
    project = config.projects.default
    project.generation.deterministic = True
    project.phases.coverage.enabled = is_every_boundary_walked
    return schemathesis.openapi.from_dict(deepcopy(DESCRIPTION), config=config).exclude(path=STREAM)


walked = settings(max_examples=8, suppress_health_check=list(HealthCheck), database=None)
walked_shortly = settings(max_examples=2, suppress_health_check=list(HealthCheck), database=None)
WHOLE, SHORT = described(is_every_boundary_walked=True), described(is_every_boundary_walked=False)


@schemathesis.serializer("text/csv")
def csv(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@dataclass
class Walk:
    """The running API in a thread of its own, and its organisation."""

    api: Api
    loop: asyncio.AbstractEventLoop
    owner: User
    client: requests.Session

    def run(self, work: Callable[[], Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work(), self.loop).result(60)

    def headers(self, role: str) -> dict[str, str]:
        """Sign a fresh person of this role in."""

        async def sign_in() -> tuple[str, str]:
            async with self.api.database.session() as session:
                user = self.owner if role == "owner" else await session.scalar(select(User).where(User.role == role))
                assert user is not None
                cookie = await start_session(session, user, days=1, user_agent="", now=NOW)
                row = await session.scalar(select(Session).where(Session.id_hash == digest(cookie)))
                assert row is not None
                return cookie, row.csrf_token

        cookie, token = self.run(sign_in)
        return {"cookie": f"{SESSION_COOKIE}={cookie}", CSRF_HEADER: token}

    def known(self) -> dict[str, str]:
        """Return a value of each path parameter that exists: a person and a campaign nobody has changed yet."""

        async def make() -> tuple[UUID, UUID]:
            made = await self.api.member(self.owner.organisation_id, f"{datetime.now(UTC).timestamp()}@acme.test")
            async with self.api.database.session() as session:
                campaign = Campaign(organisation_id=made.organisation_id, name="Spring")
                session.add(campaign)
                await session.flush()
                return made.id, campaign.id

        person, campaign = self.run(make)
        return {"userId": str(person), "campaignId": str(campaign), "email": "owner@acme.test"}


@pytest.fixture(scope="module")
def walk(
    migrated_sqlite: bytes, migrated_clickhouse: str, shared_valkey: Valkey, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Walk]:
    folder: Path = tmp_path_factory.mktemp("walk")
    chosen = Settings(
        database_url=SecretStr(empty_store(migrated_sqlite, folder)),
        clickhouse_url=SecretStr(migrated_clickhouse),
        redis_url=SecretStr(shared_valkey.url),
        collector_public_url="https://pixel.example.test",
    )
    ready, stop = threading.Event(), asyncio.Event()
    made: list[Walk] = []

    async def serve() -> None:
        async with running_api(chosen, Clock(NOW), folder / "no-interface") as api:
            owner = await api.owner()
            for role in ("member", "analyst"):
                await api.member(owner.organisation_id, f"{role}@acme.test", role=role, department="Sales")
            for hours in range(1, 60):
                await api.store_open(owner, NOW - timedelta(hours=hours))
            with requests.Session() as client:
                made.append(Walk(api, asyncio.get_running_loop(), owner, client))
                ready.set()
                await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(60)
    yield made[0]
    made[0].loop.call_soon_threadsafe(stop.set)
    thread.join()


def ask(walk: Walk, case: Any, headers: dict[str, str]) -> None:
    """Ask, and check the answer against the description; an error is a problem that says what to do."""
    answer = case.call_and_validate(
        base_url=walk.api.url, session=walk.client, headers=headers, checks=CHECKS, timeout=30
    )
    if answer.status_code >= 400 and case.method != "HEAD":
        problem = answer.json()
        assert answer.headers["content-type"] == ["application/problem+json"], answer.headers
        assert problem["status"] == answer.status_code
        if answer.status_code == 422:
            assert problem["field"], problem


@pytest.fixture
def owner(walk: Walk) -> dict[str, str]:
    return walk.headers("owner")


@pytest.fixture
def known(walk: Walk) -> dict[str, str]:
    return walk.known()


@WHOLE.parametrize()
@walked
def test_whatever_an_owner_sends_is_answered_as_described(case: Any, walk: Walk, owner: dict[str, str]) -> None:
    ask(walk, case, owner)


@SHORT.include(path_regex=r"\{").parametrize()
@walked
def test_whatever_an_owner_does_to_what_exists_is_answered_as_described(
    case: Any, walk: Walk, owner: dict[str, str], known: dict[str, str]
) -> None:
    for name in case.path_parameters:
        case.path_parameters[name] = known.get(name, case.path_parameters[name])
    ask(walk, case, owner)


@SHORT.parametrize()
@walked_shortly
def test_whatever_a_member_sends_is_answered_as_described(case: Any, walk: Walk) -> None:
    ask(walk, case, walk.headers("member"))


@SHORT.include(path_regex="campaigns|organization-stats").parametrize()
@walked_shortly
def test_whatever_an_analyst_sends_where_one_may_look_is_answered_as_described(case: Any, walk: Walk) -> None:
    ask(walk, case, walk.headers("analyst"))


@SHORT.parametrize()
@walked_shortly
def test_whatever_nobody_sends_is_answered_as_described(case: Any, walk: Walk) -> None:
    ask(walk, case, {})


@pytest.mark.parametrize("topics", ["", "other", "my-stats,other", "\0", "my-stats" * 100])
def test_the_stream_refuses_what_it_does_not_know(walk: Walk, owner: dict[str, str], topics: str) -> None:
    with httpx.stream("GET", f"{walk.api.url}{STREAM}", params={"topics": topics}, headers=owner) as answer:
        assert answer.status_code in (200, 422)
        if answer.status_code == 422:
            assert answer.headers["content-type"] == "application/problem+json"
