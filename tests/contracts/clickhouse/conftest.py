"""The servers under contract: always the embedded one, and a real one when CLICKHOUSE_URL names it."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import clickhouse_connect
import httpx
import pytest
from clickhouse_connect.driver.asyncclient import AsyncClient
from clickhouse_connect.driver.client import Client

from tests.fixtures.http import PLAIN


@dataclass(frozen=True)
class Server:
    """A ClickHouse with an empty database of the test session's own, named in `url`."""

    url: str

    @property
    def root(self) -> str:
        parts = urlsplit(self.url)
        return f"http://{parts.hostname}:{parts.port}/"

    @property
    def auth(self) -> tuple[str, str]:
        parts = urlsplit(self.url)
        return parts.username or "default", parts.password or ""

    @property
    def database(self) -> str:
        return urlsplit(self.url).path.strip("/")

    def http(self) -> httpx.Client:
        return httpx.Client(
            base_url=self.root, auth=self.auth, params={"database": self.database}, timeout=60, trust_env=False
        )


@pytest.fixture(scope="session", params=["embedded", *(["server"] if os.environ.get("CLICKHOUSE_URL") else [])])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    base = Server(
        request.getfixturevalue("clickhouse_url") if request.param == "embedded" else os.environ["CLICKHOUSE_URL"]
    )
    database = f"contract_{secrets.token_hex(4)}"
    with httpx.Client(base_url=base.root, auth=base.auth, timeout=60, trust_env=False, verify=PLAIN) as http:
        http.post("/", content=f"CREATE DATABASE {database}").raise_for_status()
        yield Server(urlunsplit(urlsplit(base.url)._replace(path=f"/{database}")))
        http.post("/", content=f"DROP DATABASE {database} SYNC").raise_for_status()


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    with server.http() as client:
        yield client


@pytest.fixture
def table(http: httpx.Client) -> Iterator[str]:
    """A table (x UInt64, s String) that remembers the tokens of its blocks."""
    name = f"t_{secrets.token_hex(4)}"
    http.post(
        "/",
        content=f"CREATE TABLE {name} (x UInt64, s String) ENGINE = MergeTree ORDER BY x"
        " SETTINGS non_replicated_deduplication_window = 100",
    ).raise_for_status()
    yield name
    http.post("/", content=f"DROP TABLE {name} SYNC").raise_for_status()


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    client = clickhouse_connect.get_client(dsn=server.url)
    yield client
    client.close()


@pytest.fixture
async def async_client(server: Server) -> AsyncIterator[AsyncClient]:
    client = await clickhouse_connect.get_async_client(dsn=server.url)
    yield client
    await client.close()
