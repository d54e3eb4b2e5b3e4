"""Step times: one frame of many is timed, its outcome stays, and each step's seconds and events are exposed."""

import pytest
from prometheus_client import CollectorRegistry

from schemas.events import RAW_EVENT
from streams.enrich import STEPS, run_steps
from streams.event import Context
from streams.state import WorkerMetrics, WorkerState
from streams.timing import SAMPLE_EVERY, StepTimes
from tests.streams.events import raw_line


def test_one_frame_of_many_has_timed_steps() -> None:
    times = StepTimes()
    given = [times.sampled("enrich", STEPS) for _ in range(2 * SAMPLE_EVERY)]
    assert [i for i, steps in enumerate(given) if steps is not STEPS] == [0, SAMPLE_EVERY]


def test_timed_steps_have_the_same_outcome_and_count_up_to_the_one_that_ended_it() -> None:
    times = StepTimes()
    timed = times.sampled("enrich", STEPS)
    hit = RAW_EVENT.decode(raw_line())
    assert run_steps(hit, Context(), timed) == run_steps(hit, Context())  # nobody's token: the first step ends it
    assert times.events == {("enrich", "resolve_token"): 1}
    assert set(times.events) == set(times.nanoseconds)


def test_a_stage_that_fails_is_not_counted() -> None:
    times = StepTimes()
    with times.stage("store", "insert", 5):
        pass
    with pytest.raises(OSError), times.stage("store", "insert", 7):
        raise OSError
    assert times.events == {("store", "insert"): 5}


def test_step_times_are_exposed_by_flow_and_step() -> None:
    state = WorkerState()
    state.times.add("store", "insert", 2_000_000_000, 10)
    registry = CollectorRegistry()
    registry.register(WorkerMetrics(state))
    labels = {"flow": "store", "step": "insert"}
    assert registry.get_sample_value("heliograph_step_seconds_total", labels) == 2.0
    assert registry.get_sample_value("heliograph_step_events_total", labels) == 10
