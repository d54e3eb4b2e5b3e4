"""What is waited for becomes trouble when it takes too long or fails, and is told once."""

import asyncio

import pytest

from streams.progress import STALLED_SECONDS, Progress
from streams.retry import keep_probing, until_done
from streams.state import WorkerState
from streams.waits import ANSWER_SECONDS, Waits


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_call_without_an_answer_is_trouble_counted_from_its_start() -> None:
    clock = Clock()
    waits = Waits(clock)
    with waits.on("clickhouse"):
        clock.now += ANSWER_SECONDS - 0.1
        assert waits.troubles() == {}
        clock.now += 2
        [trouble] = waits.troubles().values()
        assert (trouble.what, waits.seconds(trouble)) == ("clickhouse", pytest.approx(ANSWER_SECONDS + 1.9))
    assert waits.troubles() == {}


def test_a_call_that_succeeds_does_not_end_the_trouble_of_another_one() -> None:
    waits = Waits()
    with waits.on("clickhouse") as insert:
        insert.why = "too many parts"
        with waits.on("clickhouse"):
            pass
        assert waits.troubles()["clickhouse"].why == "too many parts"


def test_trouble_is_logged_once_when_it_begins_and_once_when_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    clock = Clock()
    waits = Waits(clock)
    with waits.on("kafka") as wait:
        wait.why = "connection refused"
        for _ in range(5):
            clock.now += 1
            waits.tell()
    waits.tell()
    waits.tell()
    assert [record.getMessage() for record in caplog.records] == [
        "kafka: connection refused; retrying",
        "kafka: well again after 5 s",
    ]


def test_what_readiness_has_said_is_logged_however_short_it_was(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    state = WorkerState(is_assigned=True)
    with state.waits.on("kafka") as wait:
        wait.why = "no answer"
        assert not state.readiness()[0]
    assert state.readiness()[0]
    assert [record.getMessage() for record in caplog.records] == [
        "kafka: no answer; retrying",
        "kafka: well again after 0 s",
    ]


async def test_what_fails_first_is_away_since_its_first_attempt_began() -> None:
    clock = Clock()
    state = WorkerState(waits=Waits(clock), is_assigned=True)
    seen: list[object] = []

    async def insert() -> None:
        clock.now += 65  # a time-out of the driver
        if not seen:
            seen.append(None)
            raise OSError("no answer within 65 s")
        seen.append(state.readiness()[1]["reasons"])

    await until_done(insert, service="clickhouse", errors=(OSError,), state=state)
    assert seen[1] == ["clickhouse is away for 130 s, nothing is acknowledged meanwhile: no answer within 65 s"]
    assert state.readiness()[0]


async def test_a_probe_that_hangs_is_trouble_until_one_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.retry.ANSWER_SECONDS", 0.05)
    state = WorkerState(is_assigned=True)
    is_frozen = True

    async def probe() -> None:
        if is_frozen:
            await asyncio.Event().wait()

    probing = asyncio.create_task(keep_probing(probe, service="kafka", errors=(OSError,), state=state))
    async with asyncio.timeout(20):
        while "no answer" not in str(state.readiness()):
            await asyncio.sleep(0.01)
        is_frozen = False
        while not state.readiness()[0]:
            await asyncio.sleep(0.01)
    probing.cancel()


def test_a_lag_that_cannot_be_known_is_not_said_to_be_none() -> None:
    state = WorkerState(is_assigned=True)
    assert state.readiness()[1]["lag"] is None, "nobody has measured it yet"
    state.progress.measured({"events.raw[0]": (10, 7), "events.clean[0]": (4, 0)})
    assert state.readiness()[1]["lag"] == 7
    with state.waits.on("kafka") as wait:
        wait.why = "no answer"
        assert state.readiness()[1]["lag"] is None


def test_records_of_which_none_is_acknowledged_for_long_are_a_reason_though_nothing_is_known_to_be_in_the_way() -> None:
    clock = Clock()
    state = WorkerState(progress=Progress(clock), is_assigned=True)
    for acknowledged in (5, 6, 7):
        state.progress.measured(
            {"events.raw[0]": (9, acknowledged), "events.clean[0]": (8, 4), "events.clean[1]": (2, 2)}
        )
        clock.now += STALLED_SECONDS / 2 + 1
    assert state.readiness()[1]["reasons"] == ["events.clean[0] has records and none was acknowledged for 48 s"]
    clock.now += 300  # of silence: a partition whose records are all acknowledged is well, and begins to count anew
    state.progress.measured({"events.raw[0]": (9, 9), "events.clean[0]": (8, 8), "events.clean[1]": (2, 2)})
    state.progress.measured({"events.raw[0]": (9, 9), "events.clean[0]": (9, 8), "events.clean[1]": (2, 2)})
    assert state.readiness()[0]


def test_what_is_known_to_be_in_the_way_is_no_stall_when_it_has_ended() -> None:
    clock = Clock()
    state = WorkerState(progress=Progress(clock), waits=Waits(clock), is_assigned=True)
    state.progress.measured({"events.clean[0]": (8, 4)})
    with state.waits.on("clickhouse"):
        clock.now += 2 * STALLED_SECONDS
        state.tell()
    assert state.readiness()[0]
