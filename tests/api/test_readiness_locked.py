"""Readiness and pages while another process holds SQLite's locks: answered meanwhile, not after it lets go."""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app import health
from app.settings import Settings
from app.store.database import Database
from tests.fixtures.api import Api, Clock, running_api

pytestmark = pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgresql"), reason="these are SQLite's own locks"
)


@contextlib.contextmanager
def locked(settings: Settings, begin: str) -> Iterator[None]:
    """Hold a lock on the store's file through a connection of its own, as another process would."""
    path = make_url(settings.database_url.get_secret_value()).database
    assert path is not None
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(begin)
        yield
        connection.execute("ROLLBACK")
    finally:
        connection.close()


async def test_the_api_is_ready_while_another_process_writes_to_the_store(api: Api, api_settings: Settings) -> None:
    assert (await api.client.get("/api/health/ready")).status_code == 200
    with locked(api_settings, "BEGIN IMMEDIATE"):
        ready = await api.client.get("/api/health/ready")
    assert (ready.status_code, ready.json()["reasons"]) == (200, [])


async def test_readiness_answers_within_its_limit_while_the_store_answers_nobody(
    api_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_url(api_settings.database_url.get_secret_value()).database
    assert path is not None
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # whoever writes then locks out whoever reads
    monkeypatch.setattr(health, "CHECK_TIMEOUT_SECONDS", 0.5)
    async with running_api(api_settings, Clock(datetime(2026, 1, 15, tzinfo=UTC)), tmp_path) as api:
        with locked(api_settings, "BEGIN EXCLUSIVE"):
            for _ in range(3):
                ready = await api.client.get("/api/health/ready")
                assert ready.status_code == 503
                assert "relational store: no answer within 0.5 s" in ready.json()["reasons"]


async def test_a_check_that_hangs_and_cannot_be_cancelled_neither_holds_up_the_answer_nor_is_started_twice(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go, begun = asyncio.Event(), []

    async def stuck(_database: Database) -> None:
        begun.append(1)
        while not let_go.is_set():
            with contextlib.suppress(asyncio.CancelledError):  # as a driver does that waits for its thread
                await let_go.wait()

    monkeypatch.setattr(Database, "ping", stuck)
    monkeypatch.setattr(health, "CHECK_TIMEOUT_SECONDS", 0.5)
    try:
        for _ in range(2):
            ready = await api.client.get("/api/health/ready")
            assert ready.json()["reasons"] == ["relational store: no answer within 0.5 s"]
        assert len(begun) == 1
    finally:
        let_go.set()


async def test_a_page_is_answered_while_another_process_writes_though_its_use_cannot_be_noted(
    api: Api, api_settings: Settings
) -> None:
    await api.sign_in(await api.owner())
    api.clock.now += timedelta(days=2)  # the use of the session, and the look at the dashboard, are to be noted
    with locked(api_settings, "BEGIN IMMEDIATE"):
        answer = await api.client.get("/api/tracking/my-stats")
    assert answer.status_code == 200
