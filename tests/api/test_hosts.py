"""Which names the API answers to, and that nothing it answers repeats a name that a request brought."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from app.host_names import HostNamesError, host_of, parsed_host_names
from app.hosts import trusted_names
from app.settings import Settings
from tests.fixtures.api import Api, Clock, running_api

EVIL = "evil.test"


async def raw(api: Api, head: bytes) -> tuple[int, bytes]:
    """Send bytes as they stand; return status and the whole answer."""
    url = urlsplit(api.url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    try:
        writer.write(head + b"Connection: close\r\n\r\n")
        answer = await asyncio.wait_for(reader.read(), 30)
    finally:
        writer.close()
    return int(answer.split()[1]), answer


@pytest.mark.parametrize("path", ["/", "/api/me", "/api/me/", "/api/health", "/metrics", "/no/such"])
async def test_a_name_that_is_not_ours_is_refused_everywhere(api: Api, path: str) -> None:
    for host in (
        EVIL,
        f"{EVIL}:8800",
        "127.0.0.1.evil.test",
        "8.8.8.8",
        "203.0.113.7",
        "[2001:db8::1]",
        "a b",
        "a,b",
        "@",
    ):
        answer = await api.client.get(path, headers={"host": host})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_host"), host
        assert "location" not in answer.headers
        assert host not in answer.text.replace(path, "")
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_our_own_names_and_numbers_of_private_networks_are_answered(api: Api) -> None:
    names = [
        "127.0.0.1",
        "localhost",
        "LOCALHOST.",
        "[::1]",
        "192.168.1.20:8800",
        "10.0.0.7",
        "100.64.1.1",
        "[fd00::1]:1",
    ]
    for host in names:
        assert (await api.client.get("/api/health", headers={"host": host})).status_code == 200, host


async def test_the_public_name_and_those_of_the_setting_are_answered(api_settings: Settings, tmp_path: Path) -> None:
    names = {
        "public_url": "https://heliograph.example:8443",
        "trusted_hosts": " old.example , bücher.example,203.0.113.9",
    }
    settings = api_settings.model_copy(update=names)
    async with running_api(settings, Clock(datetime(2026, 1, 15, tzinfo=UTC)), tmp_path) as api:
        for host in ("heliograph.example", "OLD.example:443", "xn--bcher-kva.example", "203.0.113.9"):
            assert (await api.client.get("/api/health", headers={"host": host})).status_code == 200, host
        assert (await api.client.get("/api/health", headers={"host": f"old.example.{EVIL}"})).status_code == 400


async def test_no_host_and_two_of_them_are_refused(api: Api) -> None:
    ours = urlsplit(api.url).netloc.encode()
    assert (await raw(api, b"GET /api/health HTTP/1.1\r\nHost: " + ours + b"\r\n"))[0] == 200
    for hosts in (b"", b"Host:\r\n", b"Host: " + ours + b"\r\nHost: evil.test\r\n", (b"Host: " + ours + b"\r\n") * 2):
        status, answer = await raw(api, b"GET /api/health HTTP/1.1\r\n" + hosts)
        assert status == 400, answer
    status, answer = await raw(api, b"GET http://evil.test/api/me/ HTTP/1.1\r\nHost: " + ours + b"\r\n")
    assert status == 307
    assert b"evil" not in answer


async def test_a_slash_too_many_leads_to_the_route_by_a_path(api: Api) -> None:
    for path, target in (
        ("/api/me/?a=1", "/api/me?a=1"),
        ("/api/me//", "/api/me"),
        ("/api/auth/methods/", "/api/auth/methods"),
    ):
        answer = await api.client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (307, target)
    for path in ("/api/none/", "/api/", "//evil.test/"):
        answer = await api.client.get(httpx.URL(api.url + path))
        assert answer.status_code in (200, 404)
        assert "location" not in answer.headers


def test_the_setting_takes_names_alone() -> None:
    assert trusted_names(Settings(trusted_hosts="")) == {"localhost", "127.0.0.1"}
    for wrong in ("https://a.example", "a.example:80", "*", "*.a.example", "a b", "a/b"):
        with pytest.raises(HostNamesError, match="TRUSTED_HOSTS"):
            parsed_host_names(wrong)


@pytest.mark.parametrize(
    "header", ["", ":", "a:b", "a:123456", "[::1", "::1", "a@b", "a/b", "a\tb", "x" * 300, "[]", "é"]
)
def test_what_is_no_host_is_none(header: str) -> None:
    assert host_of(header) is None
