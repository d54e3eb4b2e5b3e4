"""Metrics and the reasons of readiness: for this machine itself and for whoever has the token."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from app.operators import Headers, Operators
from app.settings import Settings
from tests.fixtures.api import Clock, running_api

HERE = (b"host", b"127.0.0.1:8800")
TOKEN = (b"authorization", b"Bearer a token of the tests")


@pytest.mark.parametrize(
    ("peer", "headers", "may"),
    [
        ("127.0.0.1", [HERE], True),
        ("127.8.9.1", [(b"Host", b"localhost")], True),
        ("::1", [(b"host", b"[::1]:8800")], True),
        ("::ffff:127.0.0.1", [(b"host", b"[::1]")], True),
        ("127.0.0.1", [(b"host", b"heliograph.example")], False),  # a proxy on this machine passes on the name
        ("127.0.0.1", [HERE, (b"X-Forwarded-For", b"127.0.0.1")], False),
        ("127.0.0.1", [HERE, (b"forwarded", b"for=127.0.0.1")], False),
        ("127.0.0.1", [HERE, (b"via", b"1.1 proxy")], False),
        ("127.0.0.1", [], False),
        ("127.0.0.1", [(b"host", b"evil.test"), (b"host", b"localhost")], False),
        ("192.168.1.7", [HERE], False),
        ("203.0.113.9", [HERE], False),
        ("", [HERE], False),
        ("203.0.113.9", [TOKEN], True),
        ("203.0.113.9", [(b"Authorization", b"bearer a token of the tests"), (b"x-forwarded-for", b"1.2.3.4")], True),
        ("203.0.113.9", [(b"authorization", b"Bearer another")], False),
        ("203.0.113.9", [(b"authorization", b"Basic a token of the tests")], False),
    ],
)
def test_who_may_see_details(peer: str, headers: Headers, may: bool) -> None:
    assert Operators(SecretStr("a token of the tests"), is_behind_proxy=False).may_see(peer, headers) is may


def test_without_a_token_nobody_has_it() -> None:
    nobody = Operators(SecretStr(""), is_behind_proxy=False)
    for sent in (b"Bearer ", b"Bearer", b""):
        assert not nobody.may_see("203.0.113.9", [(b"authorization", sent)])


async def test_everybody_learns_the_status_and_operators_the_reasons(api_settings: Settings, tmp_path: Path) -> None:
    settings = api_settings.model_copy(
        update={"redis_url": SecretStr("redis://127.0.0.1:1/0"), "metrics_token": SecretStr("a token of the tests")}
    )
    through_a_proxy = {"x-forwarded-for": "8.8.8.8"}
    with_token = through_a_proxy | {"authorization": "Bearer a token of the tests"}
    async with running_api(settings, Clock(datetime(2026, 1, 15, tzinfo=UTC)), tmp_path) as api:
        for headers, sees in (({}, True), (through_a_proxy, False), (with_token, True)):
            answer = await api.client.get("/api/health/ready", headers=headers)
            assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
            assert bool(answer.json()["reasons"]) is sees
            answer = await api.client.get("/metrics", headers=headers)
            assert answer.status_code == (200 if sees else 403)
            assert (await api.client.get("/api/health", headers=headers)).json()["status"] == "ok"


def test_behind_a_proxy_only_the_token_counts() -> None:
    operators = Operators(SecretStr("a token of the tests"), is_behind_proxy=True)
    assert not operators.may_see("127.0.0.1", [HERE]), "nginx without proxy_set_header looks like this machine"
    assert operators.may_see("127.0.0.1", [HERE, TOKEN])
