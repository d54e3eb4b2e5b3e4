"""The first organisation's zone is this machine's, by whatever name TZ has for it."""

import pytest

from app.embedded.errors import StartError
from app.embedded.local_zone import local_time_zone


@pytest.mark.parametrize("named", ["UTC", "Japan", "Asia/Riyadh", ":Asia/Riyadh"])
def test_an_iana_name_is_taken_with_or_without_a_slash(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv("TZ", named)
    assert local_time_zone() == named.removeprefix(":")


def test_a_rule_of_posix_falls_back_to_the_machines_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)
    of_the_machine = local_time_zone()
    monkeypatch.setenv("TZ", "CET-1CEST")
    assert local_time_zone() == of_the_machine


def test_a_name_that_is_no_zone_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Foo/Bar")
    with pytest.raises(StartError, match="no time zone"):
        local_time_zone()
