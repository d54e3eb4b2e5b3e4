"""ClickHouse has zone rules of its own, older or newer than ours: it is told edges and offsets, never a zone's name."""

import re
from pathlib import Path

import pytest

import clickhouse
from clickhouse.sql_files import read_command

FILES = sorted(Path(clickhouse.__file__).parent.rglob("*.sql"))
ASKS_FOR_ZONES = {"zone_days_differing.sql"}
"""Asks ClickHouse what its own rules say, for `heliograph verify` to compare."""
_COMMENT = re.compile(r"--[^\n]*")
_ZONES = (
    re.compile(r"\{\w*(zone|tz)\w*\s*:", re.IGNORECASE),
    re.compile(
        r"\b(toTimeZone|timezone|timeZone|serverTimezone|timezoneOf|timezoneOffset|toUTCTimestamp|fromUTCTimestamp)\("
    ),
    re.compile(r"'[A-Z][A-Za-z]+/[A-Za-z_/]+'"),
    re.compile(r"\b(today|yesterday|now|curdate|current_date)\(\s*\)", re.IGNORECASE),
    re.compile(r"\bDateTime(64\(\d\))?(?!\w|\(|64)"),  # without 'UTC' it means the server's zone
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_statement_names_a_zone_or_means_the_servers(path: Path):
    sql = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    found = [match.group() for pattern in _ZONES for match in pattern.finditer(sql)]
    assert found == [] or path.name in ASKS_FOR_ZONES, f"hand it edges or offsets (app/tracking/calendar.py): {found}"


def test_the_walk_sees_what_it_is_for():
    assert len(FILES) > 80
    for sql in (
        "toDate(at, {time_zone:String})",
        "toHour(at, 'Asia/Riyadh')",
        "toTimeZone(at, 'UTC')",
        "today()",
        "at DateTime,",
    ):
        assert any(pattern.search(sql) for pattern in _ZONES), sql
    for sql in ("toDate(at)", "DateTime64(3, 'UTC')", "DateTime('UTC')", "toDateTime(at, 'UTC')", "now64(3)"):
        assert not any(pattern.search(sql) for pattern in _ZONES), sql


def test_the_one_that_does_is_there():
    assert "time_zone" in read_command("zone_days_differing", zone="UTC")
