import io

import pytest
from rich.console import Console

from app.demo.fill import Outcome
from app.demo.screen import say_outcome


@pytest.mark.parametrize(("was_declined", "option"), [(True, "demo --yes"), (False, "demo --again")])
def test_a_filling_that_adds_nothing_names_the_option_that_would(was_declined: bool, option: str) -> None:
    out = io.StringIO()
    say_outcome(Console(file=out), Outcome("Acme", None, was_declined=was_declined), "http://127.0.0.1:8800")
    assert "Acme" in out.getvalue()
    assert option in out.getvalue()
