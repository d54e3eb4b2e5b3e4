"""The schedule of a siege is the seed's alone."""

from itertools import islice

import pytest

from tests.siege.ground import StackKind
from tests.siege.plan import NoSuchTroubleError, names, steps


def told(seed: int, kind: StackKind, count: int = 60) -> list[tuple[str, float, float]]:
    return [(step.trouble.name, step.rest_seconds, step.hold_seconds) for step in islice(steps(seed, kind), count)]


@pytest.mark.parametrize("kind", ["embedded", "services"])
def test_a_seed_repeats_a_schedule_and_another_one_does_not(kind: StackKind) -> None:
    assert told(7, kind) == told(7, kind)
    assert told(7, kind) != told(8, kind)


@pytest.mark.parametrize("kind", ["embedded", "services"])
def test_every_trouble_has_its_turn_before_any_comes_again(kind: StackKind) -> None:
    every = names(kind)
    assert len(every) == len(set(every))
    happened = [name for name, _, _ in told(3, kind, 2 * len(every))]
    assert sorted(happened[: len(every)]) == sorted(happened[len(every) :]) == sorted(every)


def test_what_a_stack_does_not_have_does_not_happen_on_it() -> None:
    assert "locked_sqlite" not in names("services")
    assert not [name for name in names("embedded") if "database" in name or name.startswith("away")]


def test_only_takes_a_name_or_a_kind_and_refuses_what_does_not_exist() -> None:
    assert {step.trouble.name for step in islice(steps(1, "embedded", "freeze:api"), 5)} == {"freeze:api"}
    assert all(step.trouble.name.startswith("kill:") for step in islice(steps(1, "embedded", "kill"), 20))
    with pytest.raises(NoSuchTroubleError, match="quota"):
        next(steps(1, "embedded", "locusts"))
