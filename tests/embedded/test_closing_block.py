"""What a start ends with: commands that can be copied into a shell as they stand."""

import shlex
from pathlib import Path

import pytest

from app.embedded import closing_block
from app.embedded.credentials import Credentials
from app.embedded.data_dir import DataDir
from app.embedded.options import UpOptions
from app.embedded.plan import Plan


@pytest.mark.parametrize("folder", ["my data", "it's; $(here)", "data"])
def test_each_command_names_the_directory_in_a_way_that_a_shell_understands(tmp_path: Path, folder: str) -> None:
    data = DataDir(tmp_path / folder)
    plan = Plan.make(UpOptions(data=data.root), data, Credentials("redis", "clickhouse"), {})
    lines = closing_block.lines(plan, {"signin_url": "http://s", "user_pixel_url": "http://p"})
    commands = [shlex.split(line) for line in lines if " demo " in line or " verify " in line or " sql " in line]
    assert len(commands) == 3
    for words in commands:
        assert words[1:3] == ["--data", str(data.root)]


def test_the_program_itself_may_lie_in_a_folder_with_blanks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "my programs" / "python"))
    program, *options = shlex.split(closing_block.command(tmp_path / "data"))
    assert Path(program).resolve() == tmp_path / "my programs" / "heliograph"
    assert options == ["--data", str(tmp_path / "data")]
