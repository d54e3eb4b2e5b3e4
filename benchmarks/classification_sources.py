"""Fixtures of public projects as (group, expected class, user agent); none of them is part of this repository."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from schemas.events import OpenClass

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS: dict[str, OpenClass] = {
    "http-library": "script",
    "browser-automation": "script",
    "social-preview": "link_preview",
    "scanner": "scanner",
}
_CATEGORIES: dict[str, OpenClass] = {
    "Security Checker": "scanner",
    "Security search bot": "scanner",
    "Social Media Agent": "link_preview",
}
_FORMS = {
    "smartphone": "mobile",
    "phablet": "mobile",
    "feature phone": "mobile",
    "tablet": "tablet",
    "desktop": "desktop",
}
_READERS = ("Browser", "Browser Webview", "Email Client")
_DEVICES = {"Desktop": "desktop", "Phone": "mobile", "Mobile": "mobile", "Tablet": "tablet"}
_MADE_UP = ("Gentoo", "Anonymized", "BrokenUseragents", "Hackers", "ClientHints")
"""Yauaa's files of strings that were generated, mangled or emptied on purpose, and that no reader sends."""


class Fixture(NamedTuple):
    """One user agent: its project's group, the class it should get (None: any machine's), the device if a person's."""

    group: str
    expected: OpenClass | None
    agent: str
    device: str = ""


def crawler_user_agents() -> Iterator[Fixture]:
    """Yield the list's own examples by the first of their tags."""
    for row in CRAWLER_USER_AGENTS_DATA:
        tag = (row.get("tags") or ["crawler"])[0]
        for agent in row["instances"]:
            yield Fixture(tag, _TAGS.get(tag, "crawler"), agent)


def matomo_bots(folder: Path) -> Iterator[Fixture]:
    """Yield Matomo's bots by their category."""
    for entry in _documents(folder / "bots.yml"):
        category = entry["bot"].get("category")
        expected = _CATEGORIES.get(category, "crawler") if category else None
        yield Fixture(category or "(no category)", expected, entry["user_agent"])


def matomo_people(folder: Path) -> Iterator[Fixture]:
    """Yield Matomo's browsers and mail programs by form; other applications do not show mail."""
    for path in sorted(folder.glob("*.yml")):
        for entry in _documents(path):
            client, device = entry.get("client"), entry.get("device")
            if isinstance(client, dict) and client.get("type") in ("browser", "pim") and isinstance(device, dict):
                form = _FORMS.get(str(device.get("type")))
                if form is not None:
                    kind = "mail programs" if client["type"] == "pim" else f"browsers, {form}"
                    yield Fixture(f"Matomo, {kind}", "human", entry["user_agent"], form)


def yauaa(folder: Path) -> Iterator[Fixture]:
    """Yield Yauaa's tests (`UserAgents/*.yaml`): readers by the kind of program, and robots."""
    for path in sorted(folder.glob("*.yaml")):
        if path.name.startswith(_MADE_UP):
            continue
        for entry in _documents(path):
            test = entry.get("test") or {}
            given, expected = test.get("input") or {}, test.get("expected") or {}
            agent, kind = given.get("user_agent_string") or given.get("User-Agent"), expected.get("AgentClass")
            if any(name.lower().startswith("sec-") for name in given):
                continue  # says more in client hints, which mail programs do not send
            device = _DEVICES.get(expected.get("DeviceClass", ""), "")
            if agent and kind in _READERS and device:
                yield Fixture(kind, "human", agent, device)
            elif agent and kind in ("Robot", "Robot Mobile"):
                yield Fixture("Robot", None, agent)


def _documents(path: Path) -> list[dict[str, Any]]:
    loaded: Any = yaml.load(path.read_text(), _LOADER) or []
    return list(loaded.get("config", []) if isinstance(loaded, dict) else loaded)


def intoli(path: Path) -> Iterator[Fixture]:
    """Yield the browsers of the npm package user-agents."""
    for row in json.loads(path.read_text()):
        yield Fixture(f"intoli, {row['deviceCategory']}", "human", row["userAgent"], row["deviceCategory"])
