"""The documentation says what the code does, and names nothing that does not exist."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from app import cli
from app.main import create_app
from app.settings import Settings
from docs.generate import PAGES
from schemas import events, topics

ROOT = Path(__file__).resolve().parents[1]
PAGES_OF_NOW = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
"""All but the changes, which name what is gone."""
NOT_YET = {"/api/sql"}
"""Paths that coverage.md names because they are missing."""
IMAGES = {"clickhouse/clickhouse-server"}
"""Names of container images that look like files."""
COLLECTOR = ("/api/t/u/{token}.gif", "/api/t/p/{token}.gif", "/api/t/health", "/api/t/health/ready", "/api/t/metrics")


def in_code() -> Iterator[tuple[str, str]]:
    """Yield page and text of each code span and each line of a code block of all pages."""
    for page in PAGES_OF_NOW:
        name = str(page.relative_to(ROOT))
        blocks = page.read_text().split("```")
        for block in blocks[1::2]:
            yield from ((name, line) for line in block.replace("\\\n", " ").splitlines()[1:])
        for text in blocks[0::2]:
            yield from ((name, span) for span in re.findall(r"`([^`]+)`", text))


def anchors(page: Path) -> set[str]:
    """Return what a link may name in a page, as GitHub makes it of headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_code_says(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == PAGES[name](), f"docs/{name} is out of date: run `make docs`"


def test_every_setting_says_what_it_does() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_event_has_a_docstring_and_is_in_a_union() -> None:
    documented = (ROOT / "docs" / "events.md").read_text()
    found = events.StreamEvent.__subclasses__()
    assert events.PixelRequested in found
    for event in found:
        assert event.__doc__, event
        assert f"`{event.__struct_config__.tag}`" in documented, f"{event.__name__} is in no union"


def test_links_lead_somewhere() -> None:
    dead = [
        f"{page.relative_to(ROOT)} → {target}"
        for page in (*PAGES_OF_NOW, ROOT / "CHANGELOG.md")
        for target in re.findall(r"\]\(([^):]+)\)", page.read_text())
        if not _leads_somewhere(page, *target.partition("#")[::2])
    ]
    assert dead == []


def _leads_somewhere(page: Path, path: str, anchor: str) -> bool:
    there = page.parent / path if path else page
    return there.exists() and (not anchor or anchor in anchors(there))


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    pages = [page.name for page in (ROOT / "docs").glob("*.md") if page.name != "README.md"]
    assert [name for name in pages if f"({name})" not in index] == []


def test_every_variable_that_is_named_is_a_setting() -> None:
    compose = (ROOT / "docker-compose.yml").read_text() + (ROOT / "docker" / "new-env").read_text()
    known = {name.upper() for name in Settings.model_fields} | set(re.findall(r"\b[A-Z][A-Z_]+(?==|:-|:\?)", compose))
    constants = {name for file in _python() for name in re.findall(r"^_?([A-Z][A-Z0-9_]+)\b", file, re.MULTILINE)}
    found = {
        f"{page}: {name}"
        for page, text in in_code()
        for name in re.findall(r"(?<![\w/{$.-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w(])", text)
        if name not in known and name not in constants | {"HELIOGRAPH_DATA"}
    }
    assert sorted(found) == []


def _python() -> Iterator[str]:
    for folder in ("app", "clickhouse", "schemas", "streams", "tests"):
        for file in (ROOT / folder).rglob("*.py"):
            if "node_modules" not in file.parts:
                yield file.read_text()


def test_every_command_that_is_named_exists_with_its_options() -> None:
    cli.add_other_commands()
    whole = typer.main.get_command(cli.app)
    wrong = [
        f"{page}: heliograph{words}: {problem}"
        for page, text in in_code()
        for words in re.findall(r"(?:^|\s|/bin/)heliograph((?: +[^\s|;&#`]+)+)", text)
        if (problem := _problem_of(whole, words.split()))
    ]
    assert wrong == []


def _problem_of(command: Any, words: list[str]) -> str | None:
    """Walk down the commands; return what of these words does not exist. Arguments and values are not looked at."""
    values = 0
    for word in words:
        if word.startswith("--"):
            options = {name: option for option in command.params for name in (*option.opts, *option.secondary_opts)}
            name = word.partition("=")[0]
            if name not in options and name != "--help":
                return f"no option {name}"
            values = int(name != "--help" and "=" not in word and not getattr(options[name], "is_flag", False))
        elif values:
            values = 0
        elif hasattr(command, "commands"):
            if word not in command.commands:
                return f"no command {word}"
            command = command.commands[word]
    return None


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {(page, name) for page, text in in_code() for name in re.findall(r"^make ([a-z-]+)", text)}
    assert ("README.md", "up") in named
    assert sorted(name for name in named if name[1] not in targets) == []


def test_every_path_of_the_api_that_is_named_exists() -> None:
    routes = [*create_app(Settings()).openapi()["paths"], *COLLECTOR]
    patterns = [re.compile(re.sub(r"\\{\w+\\}", r"[^/]+", re.escape(route))) for route in routes]
    wrong = {
        f"{page}: {path}"
        for page, text in in_code()
        for path in re.findall(r"(?<![\w*])/api/[\w/{}$@.*-]*", text)
        if path not in NOT_YET
        and not any(pattern.fullmatch(path) for pattern in patterns)
        and not (path.endswith(("/", "*")) and any(route.startswith(path.rstrip("*")) for route in routes))
    }
    assert sorted(wrong) == []


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


def test_files_that_are_named_exist() -> None:
    named = {
        (page, name)
        for page, text in in_code()
        for name in re.findall(r"^((?:app|streams|schemas|clickhouse|tests|docs|benchmarks|docker)/[\w./-]+)$", text)
        if name not in IMAGES
    }
    assert sorted(f"{page}: {name}" for page, name in named if not (ROOT / name).exists()) == []
