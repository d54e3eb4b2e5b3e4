import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from app import health
from app.settings import Settings
from tests.fixtures.api import Api, Clock, running_api
from tests.fixtures.valkey import Valkey


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, object]:
    """Check that the answer is this problem, and return its members."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = answer.json()
    assert body["code"] == code
    assert body["status"] == status
    assert {"type", "title", "detail", "instance"} <= body.keys()
    return body


async def test_an_unknown_path_below_api_is_a_problem_for_every_method(api: Api) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        body = problem(await api.client.request(method, "/api/no/such"), 404, "not_found")
        assert body["instance"] == "/api/no/such"


async def test_a_wrong_method_says_which_one_is_right(api: Api) -> None:
    answer = await api.client.post("/api/me")
    problem(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


async def test_malformed_json_says_where_it_breaks(api: Api) -> None:
    answer = await api.client.post(
        "/api/auth/password", content=b'{"email": "a', headers={"content-type": "application/json"}
    )
    assert "character" in str(problem(answer, 400, "malformed_json")["detail"])


async def test_a_wrong_field_is_named_as_the_caller_wrote_it(api: Api) -> None:
    headers = await api.key(await api.owner(), "read", "write")
    answer = await api.client.patch("/api/me", json={"jobTitle": 7}, headers=headers)
    body = problem(answer, 422, "bad_input")
    assert body["field"] == "jobTitle"
    assert str(body["detail"]).startswith("jobTitle:")


async def test_every_wrong_field_is_listed(api: Api) -> None:
    body = problem(await api.client.post("/api/auth/password", json={}), 422, "bad_input")
    errors = body["errors"]
    assert isinstance(errors, list)
    assert [error["field"] for error in errors] == ["email", "password"]


async def test_a_wrong_query_parameter_is_named(api: Api) -> None:
    headers = await api.key(await api.owner())
    for days in ("0", "367", "many", "-1"):
        answer = await api.client.get("/api/tracking/my-stats/daily", params={"days": days}, headers=headers)
        assert problem(answer, 422, "bad_input")["field"] == "days"


async def test_a_large_body_is_refused_whether_announced_or_streamed(api: Api) -> None:
    size = api.settings.body_limit_bytes + 1

    async def pieces():  # type: ignore[no-untyped-def]
        for _ in range(size // 65536 + 1):
            yield b" " * 65536

    announced = await api.client.post("/api/auth/password", content=b" " * size)
    problem(announced, 413, "too_large")
    streamed = await api.client.post(
        "/api/auth/password", content=pieces(), headers={"content-type": "application/json"}
    )
    problem(streamed, 413, "too_large")


async def test_no_credentials_is_401_and_says_how(api: Api) -> None:
    answer = await api.client.get("/api/me")
    assert "API key" in str(problem(answer, 401, "not_signed_in")["detail"])
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("setting", ["clickhouse_url", "database_url"])
async def test_a_store_that_is_away_is_named_in_a_503(
    setting: str, api_settings: Settings, valkey: Valkey, tmp_path: Path
) -> None:
    away = {
        "clickhouse_url": "http://default:@127.0.0.1:1/heliograph",
        "database_url": "postgresql+asyncpg://nobody:nothing@127.0.0.1:1/none",
    }[setting]
    clock = Clock(datetime(2026, 1, 15, tzinfo=UTC))
    async with running_api(api_settings, clock, tmp_path) as whole:
        headers = await whole.key(await whole.owner())
    settings = api_settings.model_copy(update={setting: SecretStr(away)})
    async with running_api(settings, clock, tmp_path) as api:
        answer = await api.client.get("/api/tracking/my-stats", headers=headers)
        body = problem(answer, 503, "unavailable")
        assert body["service"] == setting.removesuffix("_url")
        assert answer.headers["retry-after"]
        ready = await api.client.get("/api/health/ready")
        assert ready.status_code == 503
        assert len(ready.json()["reasons"]) == 1
        assert (await api.client.get("/api/health")).status_code == 200


async def test_readiness_without_redis_is_degraded_but_ready(api_settings: Settings, tmp_path: Path) -> None:
    settings = api_settings.model_copy(update={"redis_url": SecretStr("redis://127.0.0.1:1/0")})
    async with running_api(settings, Clock(datetime(2026, 1, 15, tzinfo=UTC)), tmp_path) as api:
        ready = await api.client.get("/api/health/ready")
        assert ready.status_code == 200
        assert ready.json()["status"] == "degraded"
        assert "Redis" in ready.json()["reasons"][0]


async def test_readiness_names_a_store_that_is_there_but_silent(
    api_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running_api(api_settings, Clock(datetime(2026, 1, 15, tzinfo=UTC)), tmp_path) as api:
        monkeypatch.setattr(health, "CHECK_TIMEOUT_SECONDS", 0)
        ready = await api.client.get("/api/health/ready")
    assert ready.status_code == 503
    assert "ClickHouse: no answer within 0 s" in ready.json()["reasons"]


async def test_every_answer_carries_the_security_headers(api: Api) -> None:
    for path in ("/api/health", "/api/no/such", "/", "/metrics"):
        headers = (await api.client.get(path)).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "https://pixel.example.test" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


async def test_json_is_compressed_and_never_cached(api: Api) -> None:
    answer = await api.client.get("/api/openapi.json", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_description_is_complete_and_names_every_path(api: Api) -> None:
    description = (await api.client.get("/api/openapi.json")).json()
    assert {
        "/api/auth/signin-link", "/api/auth/password", "/api/auth/signout", "/api/me", "/api/me/password",
        "/api/tracking/my-stats", "/api/tracking/my-stats/daily", "/api/tracking/my-opens",
        "/api/tracking/my-signature", "/api/tracking/explain", "/api/stream", "/api/health", "/api/health/ready",
    } <= description["paths"].keys()  # fmt: skip
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert operation.get("description"), f"{method} {path} has no description"


async def test_metrics_count_by_route_and_never_by_path(api: Api) -> None:
    await api.client.get("/api/health")
    await api.client.get("/api/secret-thing-somebody-typed")
    text = (await api.client.get("/metrics")).text
    assert 'route="/api/health"' in text
    assert "secret-thing" not in text


def test_the_description_can_be_written_without_any_store(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    from app.openapi import main

    main()
    assert json.loads(capfdbinary.readouterr().out)["info"]["title"] == "Heliograph"
