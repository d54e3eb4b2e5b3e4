"""Every route while a store is away: what needs it is a 503 that names it and when to come back; the rest answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from pydantic import SecretStr

from app.identity.models import User
from app.settings import Settings
from tests.api.test_nothing_crosses import KEEPS, ask, filled, routes
from tests.fixtures.api import Api, Clock, running_api

STREAM = "/api/stream"
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


class Relay:
    """Stands between the API and a service, until it is cut; then it is as if the service had been killed."""

    def __init__(self) -> None:
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self, url: str) -> str:
        """Return the URL of the service through this relay."""
        there = urlsplit(url)

        async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                while data := await reader.read(65536):
                    writer.write(data)
            writer.close()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            onward = await asyncio.open_connection(there.hostname, there.port)
            self._open |= {writer, onward[1]}
            await asyncio.gather(pipe(reader, onward[1]), pipe(onward[0], writer))

        self._server = await asyncio.start_server(serve, "127.0.0.1")
        port = self._server.sockets[0].getsockname()[1]
        return url.replace(f":{there.port}", f":{port}")

    async def cut(self) -> None:
        """Break every connection and take no new one."""
        if self._server is not None:
            self._server.close()
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()


@contextlib.asynccontextmanager
async def behind_a_relay(settings: Settings, name: str, folder: Path) -> AsyncIterator[tuple[Api, Relay]]:
    relay = Relay()
    through = await relay.start(getattr(settings, name).get_secret_value())
    chosen = settings.model_copy(update={name: SecretStr(through)})
    async with running_api(chosen, Clock(NOW), folder) as api:
        yield api, relay
        await relay.cut()


async def answers(api: Api, owner: User, headers: dict[str, str]) -> dict[str, tuple[int, bytes]]:
    """Return what every route answers an owner who asks about themselves."""
    found = {}
    for method, path, operation in await routes(api):
        if path not in {*KEEPS, STREAM}:
            found[f"{method} {path}"] = await ask(api, method, filled(path, operation, owner), headers)
    return found


def unavailable(found: dict[str, tuple[int, bytes]]) -> dict[str, str]:
    """Return the routes that answered 503, with the service each names; nothing else above 499 is left."""
    named = {}
    for name, (status, body) in found.items():
        if status == 503:
            problem = orjson.loads(body)
            if "code" in problem:  # readiness has a shape of its own
                assert problem["code"] == "unavailable", name
                named[name] = problem["service"]
        else:
            assert status < 500, f"{name}: {status} {body!r}"
    return named


async def test_clickhouse_killed_is_named_by_statistics_alone(api_settings: Settings, tmp_path: Path) -> None:
    async with behind_a_relay(api_settings, "clickhouse_url", tmp_path) as (api, relay):
        owner = await api.owner()
        headers = await api.key(owner, "read", "write")
        assert not unavailable(await answers(api, owner, headers))
        await relay.cut()
        api.resources.answers.forget()
        named = unavailable(await answers(api, owner, headers))
        assert set(named.values()) == {"clickhouse"}
        assert "get /api/tracking/my-stats" in named
        assert not {"get /api/me", "get /api/admin/people", "get /api/admin/tracking/settings"} & named.keys()
        answer = await api.client.get("/api/tracking/my-stats", headers=headers)
        assert answer.headers["retry-after"]


async def test_without_redis_every_route_answers(api_settings: Settings, tmp_path: Path) -> None:
    async with behind_a_relay(api_settings, "redis_url", tmp_path) as (api, relay):
        owner = await api.owner()
        headers = await api.key(owner, "read", "write")
        assert not unavailable(await answers(api, owner, headers))
        await relay.cut()
        assert not unavailable(await answers(api, owner, headers))


async def test_without_the_relational_store_everything_that_knows_people_is_unavailable(
    api_settings: Settings, tmp_path: Path
) -> None:
    async with running_api(api_settings, Clock(NOW), tmp_path) as whole:
        owner = await whole.owner()
        headers = await whole.key(owner, "read", "write")
    away = SecretStr("postgresql+asyncpg://nobody:nothing@127.0.0.1:1/none")
    async with running_api(api_settings.model_copy(update={"database_url": away}), Clock(NOW), tmp_path) as api:
        found = await answers(api, owner, headers)
        assert set(unavailable(found).values()) == {"database"}
        for name, (status, _) in found.items():
            if "/api/auth/" not in name and name != "get /api/health":
                assert status == 503, f"{name}: {status}"
