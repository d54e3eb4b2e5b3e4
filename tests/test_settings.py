"""Every setting has a bound or a checked type, and a bad value of it is one sentence that says what to write."""

from pathlib import Path
from typing import Any, Literal, get_origin

import pytest
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from app.read_settings import SettingsError, read_settings
from app.settings import Settings

TOO_LONG = "x" * 501
BAD_URLS = ["foo", "ftp://host:1/x", "http://", "kafka://nowhere"]
BAD_ADDRESSES = ["foo", "ftp://host", "https://", "https://a b", "https://h:99999", "https://me@host", "https://h?x=1"]
BAD_NETWORKS = ["10.0.0.0/99", "office"]
BAD_TEXTS = {
    "kafka_url": [*BAD_URLS, "http://x", "kafka://host:99999", "kafka://a:1,b:0"],
    "clickhouse_url": [*BAD_URLS[:2], "http:/x", "http://user:hunter2@host:99999/db", "tcp://user:hunter2@host:9000"],
    "redis_url": [*BAD_URLS[:2], "localhost:6379", "redis://:hunter2@host:99999/0"],
    "database_url": [*BAD_URLS[:2], "postgres://user:hunter2@host/db", "mysql://host/db"],
    "public_url": [*BAD_ADDRESSES, "https://h/path", "https://h/%20"],
    "collector_public_url": [*BAD_ADDRESSES, "https://h/a b", "https://h/%2e", "https://h//x"],
    "api_host": ["foo bar", "[::1]", "http://x", "a..b"],
    "collector_host": ["foo bar", "[::1]", "http://x", "a..b"],
    "worker_host": ["foo bar", "[::1]", "http://x", "a..b"],
    "collector_id": ["x" * 65, "a\tb"],
    "worker_id": ["x" * 65, "a\tb"],
    "trusted_hosts": ["https://heliograph.example", "heliograph.example:80", "*.example", "a b"],
    "metrics_token": [TOO_LONG, "hunter2\n"],
    "trusted_proxies": BAD_NETWORKS,
    "known_networks": [*BAD_NETWORKS, "office=10.0.0.1/8"],
    "oidc_issuer": ["foo", "ftp://host", "https://", "https://me@host"],
    "oidc_client_id": [TOO_LONG, "a\nb"],
    "oidc_client_secret": [TOO_LONG, "hunter2\n"],
    "oidc_name": [TOO_LONG, "a\nb"],
    "oidc_organisation": [TOO_LONG, "a\nb"],
    "oidc_scopes": ["email", "openid\n"],
    "oidc_allowed_domains": ["acme", "a@acme.example", "https://acme.example"],
}
"""What no service, browser or person could use, for each setting that is text."""
BAD_PATHS = {"spool_dir": __file__, "spool_hold_file": "/", "salts_file": "/"}


def bad_values(name: str, field: FieldInfo) -> list[str]:
    """Return what the setting must not take, by its type."""
    kinds: dict[Any, list[str]] = {
        int: ["abc", "1.5", "-1", "1" + "0" * 30, "1e3", "0x10"],
        float: ["abc", "nan", "inf", "-inf", "-1", "1e300", "1,5"],
        bool: ["perhaps", "2"],
    }
    if get_origin(field.annotation) is Literal:
        return ["foo", "OS ", "1"]
    if field.annotation in kinds:
        return kinds[field.annotation]
    if name in BAD_PATHS:
        return [BAD_PATHS[name]]
    assert field.annotation in (str, SecretStr), f"{name}: say in this test what a bad {field.annotation} is"
    return BAD_TEXTS[name]


def refusal(**environment: str) -> str:
    with pytest.raises(SettingsError) as refused:
        read_settings(environment)
    return str(refused.value)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_bad_value_is_one_sentence_with_the_name_of_the_setting_and_what_to_write(name: str) -> None:
    for value in bad_values(name, Settings.model_fields[name]):
        told = refusal(**{name.upper(): value})
        assert told.startswith(name.upper()), value
        assert "\n" not in told, value
        assert "; write " in told or "It looks like " in told, told
        assert "hunter2" not in told


@pytest.mark.parametrize(
    "name", [name for name, field in Settings.model_fields.items() if field.annotation in (int, float)]
)
def test_every_number_takes_its_bounds_and_nothing_beyond(name: str) -> None:
    field = Settings.model_fields[name]
    bounds = {key: getattr(one, key) for one in field.metadata for key in ("gt", "ge", "le") if hasattr(one, key)}
    lowest = bounds.get("ge")
    assert lowest is not None or bounds["gt"] == 0
    for value in filter(lambda bound: bound is not None, (lowest, bounds["le"])):
        assert getattr(read_settings({name.upper(): str(value)}), name) == value
    assert name.upper() in refusal(**{name.upper(): str(bounds["le"] + 1)})
    assert name.upper() in refusal(**{name.upper(): str(lowest - 1 if lowest is not None else 0)})


def test_the_defaults_pass_their_own_checks() -> None:
    defaults = Settings()
    environment = {
        name.upper(): value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in defaults
        if value is not None
    }
    assert read_settings(environment) == defaults


def test_several_bad_settings_are_told_at_once_one_line_for_each() -> None:
    lines = refusal(SPOOL_SYNC="foo", RATE_LIMIT_PER_MINUTE="-1").splitlines()
    assert [line.split()[0] for line in lines] == ["SPOOL_SYNC", "RATE_LIMIT_PER_MINUTE"]
    assert lines[0] == "SPOOL_SYNC is 'foo'; write 'os' or 'disk', or leave it out for os."


def test_a_provider_without_a_client_is_refused() -> None:
    assert "OIDC_CLIENT_SECRET" in refusal(OIDC_ISSUER="https://login.example", OIDC_CLIENT_ID="us")


def test_a_slash_at_the_end_of_an_address_means_nothing() -> None:
    settings = read_settings({"PUBLIC_URL": "https://a.example/", "COLLECTOR_PUBLIC_URL": "https://b.example/px/"})
    assert (settings.public_url, settings.collector_public_url) == ("https://a.example", "https://b.example/px")


@pytest.mark.parametrize(
    "environment",
    [
        {"CLICKHOUSE_URL": "http://user:a,b:c@host:8123/db"},
        {"KAFKA_URL": "kafka://a:9092,b:9092"},
        {"KAFKA_URL": "kafka://[::1]:9092,kafka://b:9092"},
        {"REDIS_URL": "unix:///run/redis.sock"},
        {"REDIS_URL": "rediss://:p%40ss@host:6379/0"},
        {"DATABASE_URL": "sqlite+aiosqlite:////my data/heliograph.db"},
        {"DATABASE_URL": "postgresql+asyncpg:///db?host=/run/postgresql"},
        {"PUBLIC_URL": "https://bücher.example:8443"},
        {"API_HOST": "::"},
        {"API_HOST": "localhost"},
        {"WORKER_HOST": "worker_1.internal"},
        {"TRUSTED_PROXIES": "10.0.0.0/8, 2001:db8::/32"},
        {"oidc_issuer": "http://127.0.0.1:9/realms/x/", "OIDC_CLIENT_ID": "us", "OIDC_CLIENT_SECRET": "p%2Ba/s+s:w=rd"},
    ],
)
def test_what_is_usable_is_taken(environment: dict[str, str]) -> None:
    read_settings(environment)


def test_a_path_that_does_not_exist_yet_is_taken(tmp_path: Path) -> None:
    read_settings({"SPOOL_DIR": str(tmp_path / "new" / "spool"), "SALTS_FILE": str(tmp_path / "new.json")})
