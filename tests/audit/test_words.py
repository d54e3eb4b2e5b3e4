"""Every action that the product notes has its sentence on the page, in the catalogue of each language."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def noted() -> set[str]:
    """Return what stands as `action=…`, as `ACTION = …`, or as an argument of a function that notes."""
    found: set[str] = set()
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            values: list[ast.expr] = []
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                values += [keyword.value for keyword in node.keywords if keyword.arg == "action"]
                values += node.args if name in {"note", "_note"} else []
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ACTION":
                values.append(node.value)
            texts = [part for value in values for part in ast.walk(value) if isinstance(part, ast.Constant)]
            found |= {text.value for text in texts if isinstance(text.value, str) and "_" in text.value}
    return {action for action in found if re.fullmatch(r"[a-z]+(_[a-z]+)+", action)}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_action_has_its_sentence(language: str) -> None:
    catalogue = (ROOT / f"app/ui/src/i18n/{language}/audit.ts").read_text()
    actions = noted()
    assert {"person_added", "people_imported", "tracking_settings_changed", "api_key_created"} <= actions
    assert sorted(action for action in actions if f"'audit.action.{action}'" not in catalogue) == []
