"""Mistakes by their codes: each has a sentence in the API, and the same gaps in every language of the interface."""

import re
from pathlib import Path

import pytest

from app.signatures.mistakes import MESSAGES

CATALOGUES = Path(__file__).parents[2] / "app" / "ui" / "src" / "i18n"
GAP = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_interface_says_every_mistake_with_the_same_gaps(language: str) -> None:
    text = (CATALOGUES / language / "signatures.ts").read_text()
    said = dict(re.findall(r"'signatures\.mistake\.(\w+)': ['\"](.*)['\"],", text))
    assert {code: set(GAP.findall(sentence)) for code, sentence in said.items()} == {
        code: set(GAP.findall(sentence)) for code, sentence in MESSAGES.items()
    }
    refused = set(re.findall(r"'signatures\.refused\.(\w+)'", text))
    assert refused == {"too_large", "unreadable", "empty"}
