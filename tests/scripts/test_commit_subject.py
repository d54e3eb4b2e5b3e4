"""The hook that reads commit messages accepts our form, and says what is wrong with another."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.commit_subject import KINDS, LONGEST, problem_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "message",
    [
        "fix(collector): the GIF has 43 bytes",
        "docs: what a block is\n\n" + "w" * 200,
        "feat!: events have one owner",
        "Merge branch 'x'",
        "fixup! fix(collector): the GIF",
        f"fix: {'x' * (LONGEST - 5)}",
    ],
)
def test_our_form_is_accepted(message: str) -> None:
    assert problem_of(message) is None


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("", "form"),
        ("mended the spool", "form"),
        ("fix(collector) the GIF", "form"),
        ("fix(answers): windows make room; test: groups of people", "two changes"),
        (f"fix: {'x' * LONGEST}", "77 characters"),
    ],
)
def test_another_form_is_refused_with_what_is_wrong(message: str, says: str) -> None:
    assert says in (problem_of(message) or "")


def test_the_command_ends_with_1_and_the_sentence(tmp_path: Path) -> None:
    (tmp_path / "message").write_text("mended the spool")
    command = [sys.executable, str(ROOT / "scripts" / "commit_subject.py"), str(tmp_path / "message")]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (answer.returncode, "fix(collector)" in answer.stderr) == (1, True)


def test_contributing_names_the_kinds_that_the_hook_accepts() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    named = re.search(r"kinds are ([a-z, \n]+)\.", page)
    assert named and {kind.strip() for kind in named[1].split(",")} == set(KINDS) - {"revert"}
