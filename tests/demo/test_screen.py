import io

import pytest
from rich.console import Console

from app.demo.fill import Outcome
from app.demo.job import Job
from app.demo.screen import say_outcome


@pytest.mark.parametrize(("was_declined", "option"), [(True, "demo --yes"), (False, "demo --again")])
def test_a_filling_that_adds_nothing_names_the_option_that_would(was_declined: bool, option: str) -> None:
    out = io.StringIO()
    say_outcome(Console(file=out), Outcome("Acme", None, was_declined=was_declined), "http://127.0.0.1:8800")
    assert "Acme" in out.getvalue()
    assert option in out.getvalue()


@pytest.mark.parametrize(("days", "is_told"), [(90, True), (5, False)])
def test_a_filling_with_campaigns_says_where_they_are(days: int, is_told: bool) -> None:
    out = io.StringIO()
    job = Job(source="demo-1", people=50, days=days, seed=1, events=1234)
    say_outcome(Console(file=out), Outcome("Acme", job), "http://127.0.0.1:8800")
    assert "1,234 hits" in out.getvalue()
    assert ("http://127.0.0.1:8800/campaigns" in out.getvalue()) is is_told
