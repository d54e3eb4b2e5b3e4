"""The states of a campaign, what leads from one to the next, and what may be changed in each. Data, and pure."""

from collections.abc import Mapping
from typing import Literal, get_args

from app.errors import BadInputError, ConflictError

State = Literal["draft", "active", "paused", "ended"]
Step = Literal["start", "pause", "resume", "end"]
STATES: tuple[State, ...] = get_args(State)

NEXT: Mapping[tuple[State, Step], State] = {
    ("draft", "start"): "active",
    ("active", "pause"): "paused",
    ("paused", "resume"): "active",
    ("active", "end"): "ended",
    ("paused", "end"): "ended",
}
"""Nothing leads out of `ended`: to run again a campaign is duplicated, so that its figures stay what they are."""

DONE: Mapping[Step, str] = {"start": "started", "pause": "paused", "resume": "resumed", "end": "ended"}
"""Past tense of each step, as the audit log says it."""

FIXED: Mapping[State, frozenset[str]] = {
    "draft": frozenset(),
    "active": frozenset({"starts_at", "audience"}),
    "paused": frozenset({"starts_at", "audience"}),
    "ended": frozenset({"starts_at", "ends_at", "audience", "banner_html"}),
}
"""What can no longer be changed: it has happened already."""


def possible_steps(state: State) -> list[Step]:
    """Return the steps that lead out of a state, in the order of the life of a campaign."""
    return [step for (before, step) in NEXT if before == state]


def next_state(state: State, step: Step) -> State:
    """Return the state after a step. Raises `ConflictError` where it is not possible, naming what is."""
    after = NEXT.get((state, step))
    if after is not None:
        return after
    steps = possible_steps(state)
    what = f"What can be done now: {', '.join(steps)}." if steps else "Duplicate it to run it again."
    raise ConflictError(
        f"state: this campaign is {state}, so it cannot {step}. {what}", field="state", state=state, possible=steps
    )


def check_deletable(state: State) -> None:
    """Raise `ConflictError` for anything but a draft: what ran has opens, and they belong to somebody's figures."""
    if state != "draft":
        raise ConflictError(
            f"state: only drafts can be deleted, and this campaign is {state}. End it instead; its opens go with the "
            "organisation's retention.",
            field="state",
            state=state,
        )


def check_changeable(state: State, changed: set[str], names: Mapping[str, str]) -> None:
    """Raise `BadInputError` for the first changed field that is fixed in this state; `names` are those of the API."""
    for field in sorted(changed & FIXED[state]):
        raise BadInputError(
            f"{names[field]}: this campaign is {state}, so this can no longer be changed. Duplicate it "
            "for another run.",
            field=names[field],
        )
