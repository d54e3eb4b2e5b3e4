"""The documentation says what the code does."""

import re
from pathlib import Path

import pytest

from app.settings import Settings
from docs.generate import PAGES
from schemas import events, topics
from schemas.base import Schema

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_code_says(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == PAGES[name](), f"docs/{name} is out of date: run `make docs`"


def test_every_setting_says_what_it_does() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_event_has_a_docstring_and_is_in_a_union() -> None:
    documented = (ROOT / "docs" / "events.md").read_text()
    for event in Schema.__subclasses__():
        if event.__module__ == events.__name__:
            assert event.__doc__, event
            assert f"`{event.model_fields['type'].default}`" in documented, f"{event.__name__} is in no union"


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    dead = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert dead == []


def test_every_package_has_its_room_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    packages = [folder for folder in (ROOT / "app").iterdir() if (folder / "__init__.py").exists()]
    assert [folder.name for folder in packages if f"| `app/{folder.name}/` |" not in text] == []


def test_the_architecture_names_the_topics_of_the_code() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    assert [name for name in (*topics.PARTITIONED, *topics.SINGLE) if name not in text] == []
    assert "Redis stream spool" not in text, "receipts are a topic: ADR 0001"


def test_every_decision_names_the_test_that_keeps_it() -> None:
    for page in (ROOT / "docs" / "adr").glob("[0-9]*.md"):
        named = re.findall(r"`(tests/[^`:]+)", page.read_text())
        assert named, f"{page.name} names no test"
        assert [name for name in named if not (ROOT / name).exists()] == [], page.name


def test_coverage_names_files_that_exist() -> None:
    text = (ROOT / "docs" / "coverage.md").read_text()
    named = set(re.findall(r"`((?:app|streams|schemas|clickhouse|tests|docs|benchmarks)/[\w./-]+)`", text))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
