"""Which zone data days are reckoned by: the newer of the wheel and the system's, and never Python's own choice."""

import ast
from datetime import date
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

import app
import clickhouse
import streams
from app.tracking import zone_data
from app.tracking.calendar import start_of_day
from app.tracking.zone_data import ZoneData, newest_first, sources, version_of, zone, zone_names

WHEEL = files("tzdata").joinpath("zoneinfo")


@pytest.mark.parametrize(
    ("wheel", "system", "used"),
    [
        ("2026f", "2025b", "wheel"),
        ("2026c", "2026f", "system"),
        ("2026f", "2026f", "wheel"),
        ("2026z", "2026aa", "system"),
        ("2026f", None, "wheel"),
    ],
)
def test_the_newer_source_is_used_and_the_wheel_when_nobody_knows(wheel: str, system: str | None, used: str):
    found = newest_first(ZoneData("wheel", wheel, WHEEL), ZoneData("system", system, WHEEL))
    assert found[0].source == used


@pytest.mark.parametrize(
    ("name", "text", "version"),
    [
        ("tzdata.zi", "# version 2025b\n# This zic input file is in the public domain.\n", "2025b"),
        ("+VERSION", "2026aa\n", "2026aa"),
        ("tzdata.zi", "# redo\n", None),
    ],
)
def test_a_systems_folder_says_how_old_it_is(tmp_path: Path, name: str, text: str, version: str | None):
    (tmp_path / name).write_text(text)
    assert version_of(tmp_path) == version


def test_a_folder_without_a_version_is_of_unknown_age(tmp_path: Path):
    assert version_of(tmp_path) is None
    assert str(ZoneData("system", None, tmp_path)) == "system of unknown version"


def test_every_zone_that_may_be_chosen_can_be_read():
    assert len(zone_names()) > 500
    for name in zone_names():
        assert str(zone(name)) == name


@pytest.mark.parametrize("name", ["Mars/Base", "", "Europe", "/etc/passwd", "../tzdata/zones", "a\0b"])
def test_what_is_no_zone_is_not_found(name: str):
    with pytest.raises(ZoneInfoNotFoundError):
        zone(name)


def test_a_zone_that_only_the_other_source_has_is_still_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(zone_data, "sources", lambda: [ZoneData("system", "2099a", tmp_path), *sources()])
    assert start_of_day(date(2026, 1, 1), zone_data.zone.__wrapped__("Asia/Riyadh")).hour == 21


def _calls(path: Path) -> set[str]:
    """Return the names of what a module calls."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {func.id if isinstance(func, ast.Name) else getattr(func, "attr", "") for func in called}


FORBIDDEN = {"ZoneInfo", "available_timezones", "gettz", "localtime", "today"}


def test_nothing_else_opens_zones_or_asks_for_the_machines_own_day():
    folders = [Path(module.__file__ or "").parent for module in (app, streams, clickhouse)]
    modules = [path for folder in folders for path in folder.rglob("*.py") if "node_modules" not in path.parts]
    assert len(modules) > 200
    found = {path.name: _calls(path) & FORBIDDEN for path in modules if path.name != "zone_data.py"}
    assert {name: calls for name, calls in found.items() if calls} == {}
    assert isinstance(zone("UTC"), ZoneInfo)
