"""What is decided before the first process starts."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.embedded.credentials import Credentials
from app.embedded.data_dir import DataDir
from app.embedded.options import UpOptions
from app.embedded.plan import Plan


def plan(directory: Path, given: Mapping[str, str], **options: str) -> Plan:
    data = DataDir(directory)
    return Plan.make(UpOptions(data=directory, **options), data, Credentials("redis", "clickhouse"), given)  # type: ignore[arg-type]


def test_on_loopback_alone_no_limit_meets_this_machines_own_address(tmp_path: Path) -> None:
    assert plan(tmp_path, {}).env["RATE_LIMIT_PER_MINUTE"] == "0"


@pytest.mark.parametrize(
    ("given", "options"),
    [({"TRUSTED_PROXIES": "127.0.0.1/32"}, {}), ({}, {"host": "0.0.0.0"}), ({}, {"host": "192.0.2.7"})],
)
def test_where_others_come_in_the_limit_is_the_settings(
    tmp_path: Path, given: Mapping[str, str], options: Mapping[str, str]
) -> None:
    assert "RATE_LIMIT_PER_MINUTE" not in plan(tmp_path, given, **options).env


def test_a_limit_that_was_given_stays(tmp_path: Path) -> None:
    assert plan(tmp_path, {"RATE_LIMIT_PER_MINUTE": "7"}).env["RATE_LIMIT_PER_MINUTE"] == "7"


@pytest.mark.parametrize("name", ["my data", "100%", "a%41b", "a#b", "ü"])
def test_the_database_lies_in_the_directory_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    url = plan(tmp_path / name, {}).env["DATABASE_URL"]
    assert make_url(url).database == str(tmp_path / name / "heliograph.db")


def test_a_service_with_a_url_is_not_started(tmp_path: Path) -> None:
    names = {service.name for service in plan(tmp_path, {"REDIS_URL": "redis://elsewhere:6379/0"}).services}
    assert names == {"broker", "clickhouse"}
