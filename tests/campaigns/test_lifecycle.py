"""The states of a campaign, and what may be done in each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.campaigns.lifecycle import (
    DONE,
    FIXED,
    NEXT,
    STATES,
    State,
    Step,
    check_changeable,
    check_deletable,
    next_state,
    possible_steps,
)
from app.errors import BadInputError, ConflictError


def test_every_state_but_the_last_leads_somewhere_and_every_state_is_reached() -> None:
    assert {state for state in STATES if not possible_steps(state)} == {"ended"}
    assert {"draft", *NEXT.values()} == set(STATES) == set(FIXED)


@given(st.lists(st.sampled_from(sorted(DONE)), max_size=12))
def test_no_order_of_steps_leads_out_of_the_table_or_back_to_draft(steps: list[Step]) -> None:
    state: State = "draft"
    for step in steps:
        if step in possible_steps(state):
            state = next_state(state, step)
            assert state != "draft"
        else:
            with pytest.raises(ConflictError) as refused:
                next_state(state, step)
            assert refused.value.extensions["field"] == "state"
            assert refused.value.extensions["possible"] == possible_steps(state)


@pytest.mark.parametrize("state", ["active", "paused", "ended"])
def test_only_drafts_are_deleted(state: State) -> None:
    check_deletable("draft")
    with pytest.raises(ConflictError, match="only drafts"):
        check_deletable(state)


def test_what_has_happened_cannot_be_changed() -> None:
    names = {"audience": "audience", "ends_at": "endsAt"}
    check_changeable("active", {"ends_at"}, names)
    with pytest.raises(BadInputError, match="audience"):
        check_changeable("paused", {"ends_at", "audience"}, names)
    with pytest.raises(BadInputError, match="endsAt"):
        check_changeable("ended", {"ends_at"}, names)
