"""The API as a process of its own, as the launcher and compose start it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.embedded.ports import find_free
from app.identity.service import bootstrap_organisation, create_api_key, find_user
from app.store.database import Database
from tests.fixtures.valkey import Valkey

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def process(
    database_url: str, migrated_clickhouse: str, valkey: Valkey
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    [port] = find_free(1)
    env = os.environ | {
        "DATABASE_URL": database_url,
        "CLICKHOUSE_URL": migrated_clickhouse,
        "REDIS_URL": valkey.url,
        "API_PORT": str(port),
        "LOG_FORMAT": "json",
    }
    running = subprocess.Popen([sys.executable, "-m", "app.main"], cwd=CHECKOUT, env=env, stderr=subprocess.PIPE)
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        assert running.poll() is None, running.stderr.read().decode() if running.stderr else ""
        try:
            if httpx.get(f"{url}/api/health/ready").status_code == 200:
                break
        except httpx.TransportError:
            time.sleep(0.1)
    yield running, url
    running.kill()
    running.communicate()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_it_serves_and_stops_in_order_while_a_live_stream_is_open(
    process: tuple[subprocess.Popen[bytes], str], database_url: str, sign: signal.Signals
) -> None:
    running, url = process
    database = Database(database_url)
    async with database.session() as session:
        organisation = await bootstrap_organisation(
            session, name="Acme", owner_email="owner@acme.test", owner_name="Olga", time_zone="UTC"
        )
        user = await find_user(session, organisation_id=organisation.id, email="owner@acme.test")
        assert user is not None
        headers = {"authorization": f"Bearer {await create_api_key(session, user, 'test')}"}
    await database.dispose()
    async with (
        httpx.AsyncClient(base_url=url, headers=headers, timeout=60) as client,
        client.stream("GET", "/api/stream") as stream,
    ):
        lines = stream.aiter_lines()
        while not (await anext(lines)).startswith("event: snapshot"):
            pass
        running.send_signal(sign)
        async for _ in lines:
            pass  # the stream ends, rather than breaking off
    _, said = running.communicate(timeout=60)
    assert running.returncode == 0, said.decode()
    assert "Traceback" not in said.decode()
