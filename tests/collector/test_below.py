"""A path in the collector's public address: pixels are answered below it and without it."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.collector.asgi import GIF
from app.collector.server import Resources, build_app
from app.settings import Settings

PIXEL = "/api/t/u/abcdefghijklmnopqrstuvw_.gif"


async def ask(folder: Path, public_url: str, path: str) -> tuple[int, bytes, int]:
    """Return status, body and how many hits were recorded by a collector of this public address."""
    resources = Resources(
        Settings(
            collector_public_url=public_url,
            spool_dir=folder / "spool",
            salts_file=folder / "salts.json",
            database_url=SecretStr(f"sqlite+aiosqlite:///{folder}/none.db"),
        )
    )
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": path, "method": "GET", "headers": [], "client": ("192.0.2.1", 1)}
    try:
        await build_app(resources)(scope, None, send)  # type: ignore[arg-type]  # nothing is received
    finally:
        resources.spool.close()
    return sent[0]["status"], sent[1]["body"], resources.counters.recorded


@pytest.mark.parametrize("public_url", ["https://acme.test/px", "https://acme.test/px/"])
@pytest.mark.parametrize("path", [f"/px{PIXEL}", PIXEL])
async def test_a_pixel_counts_whether_the_proxy_keeps_the_path_or_takes_it_away(
    tmp_path: Path, public_url: str, path: str
) -> None:
    assert await ask(tmp_path, public_url, path) == (200, GIF, 1)


async def test_readiness_answers_below_the_path_too(tmp_path: Path) -> None:
    assert (await ask(tmp_path, "https://acme.test/a/b", "/a/b/api/t/health"))[0] == 200


@pytest.mark.parametrize(("public_url", "path"), [("https://acme.test", "/px"), ("https://acme.test/px", "/pxx")])
async def test_below_another_path_there_is_no_pixel(tmp_path: Path, public_url: str, path: str) -> None:
    status, _, recorded = await ask(tmp_path, public_url, path + PIXEL)
    assert (status, recorded) == (404, 0)
