"""Three minutes of trouble on the stack that the environment names; `make siege` is the hour."""

import os
from pathlib import Path

import pytest

from tests.siege.__main__ import besiege
from tests.siege.ground import StackKind
from tests.siege.report import verdict_lines

pytestmark = [pytest.mark.kill, pytest.mark.deep, pytest.mark.timeout(900)]

KIND: StackKind = "services" if os.environ.get("REAL_SERVICES") == "1" else "embedded"
SEED = 20261201


def test_three_minutes_of_trouble_are_exact_at_the_end_and_readiness_is_true_all_the_time(tmp_path: Path) -> None:
    verdict = besiege(tmp_path, KIND, seed=SEED, minutes=3)
    assert verdict.is_clean, "\n".join(verdict_lines(verdict, seed=SEED, kind=KIND, minutes=3, only=None))
