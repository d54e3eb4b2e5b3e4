from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from pydantic import SecretStr

from app.settings import Settings
from app.sql.command import Asking, ask, printable
from clickhouse.client import ClickHouse
from tests.fixtures.log import Open, store


@pytest.fixture
def asking(migrated_url: str) -> Asking:
    return Asking(Settings(clickhouse_url=SecretStr(migrated_url)), output_format=None, output=None, limit=None)


async def test_few_columns_are_a_table(asking: Asking, capsys: pytest.CaptureFixture[str]) -> None:
    assert await ask(asking, "SELECT 1 AS one, NULL AS nothing")
    shown = capsys.readouterr().out
    assert "│ one ┃" in shown or "┃ one ┃" in shown
    assert "NULL" in shown


async def test_a_whole_event_is_shown_line_by_line(
    clickhouse: ClickHouse, asking: Asking, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = datetime(2025, 11, 20, tzinfo=UTC)
    await store(clickhouse, [Open(at=opened, organisation_id=UUID(int=1), user_id=UUID(int=2))])
    assert await ask(asking, "SELECT * FROM events LIMIT 1")
    lines = capsys.readouterr().out.splitlines()
    assert any(line.split() == ["open_class", "human"] for line in lines)
    assert any(line.split() == ["user_id", str(UUID(int=2))] for line in lines)


async def test_control_characters_are_spelled_out(asking: Asking, capsys: pytest.CaptureFixture[str]) -> None:
    assert await ask(asking, "SELECT '\\x1b]0;owned\\x07' AS user_agent")
    shown = capsys.readouterr().out
    assert r"\x1b]0;owned\x07" in shown
    assert "\x1b" not in shown
    assert printable("مرحبا ü 😀") == "مرحبا ü 😀"


async def test_a_refused_query_says_why_and_writes_no_file(
    asking: Asking, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "answer.csv"
    writing = Asking(asking.settings, output_format="csv", output=out, limit=None)
    assert not await ask(writing, "SELECT file('/etc/hostname')")
    assert "reads files of the machine" in capsys.readouterr().err
    assert not out.exists()
