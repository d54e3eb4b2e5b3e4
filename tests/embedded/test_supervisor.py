"""The supervisor, on real processes."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from app.embedded.errors import StartError
from app.embedded.probes import Health
from tests.embedded import dummies
from tests.embedded.dummies import House, is_alive, spec, until


async def test_a_process_that_is_killed_comes_back_under_a_new_pid(house: House) -> None:
    house.supervisor.start(spec("one"))
    await house.supervisor.wait_up("one")
    first = house.pid("one")
    os.kill(first, signal.SIGKILL)
    second = await house.wait_new_pid("one", first)
    assert is_alive(second) and not is_alive(first)
    assert house.changes == 2


async def test_the_death_of_one_process_leaves_its_neighbour_alone(house: House) -> None:
    house.supervisor.start(spec("one"), spec("two"))
    await house.supervisor.wait_up("one", "two")
    first, two = house.pid("one"), house.pid("two")
    os.kill(first, signal.SIGKILL)
    await house.wait_new_pid("one", first)
    assert house.pid("two") == two


async def test_who_needs_a_dead_process_ends_with_it_and_starts_after_it(house: House) -> None:
    events: list[str] = []

    async def topics() -> None:
        events.append("topics")

    house.supervisor.start(spec("broker", after_probe=topics), spec("worker", needs=("broker",)))
    await house.supervisor.wait_up("broker", "worker")
    broker, worker = house.pid("broker"), house.pid("worker")
    os.kill(broker, signal.SIGKILL)
    await house.wait_new_pid("broker", broker)
    await house.wait_new_pid("worker", worker)
    assert not is_alive(worker)
    assert events == ["topics", "topics"]
    assert house.supervisor.units["worker"].deaths_in_a_row == 0, "it did nothing wrong"


async def test_a_worker_that_dies_alone_does_not_take_the_broker_along(house: House) -> None:
    house.supervisor.start(spec("broker"), spec("worker", needs=("broker",)))
    await house.supervisor.wait_up("broker", "worker")
    broker, worker = house.pid("broker"), house.pid("worker")
    os.kill(worker, signal.SIGKILL)
    await house.wait_new_pid("worker", worker)
    assert house.pid("broker") == broker


async def test_nobody_starts_before_what_it_needs_is_up(house: House) -> None:
    is_open = False

    async def gate() -> Health:
        return Health(is_open, "" if is_open else "closed")

    house.supervisor.start(spec("broker", probe=gate), spec("worker", needs=("broker",)))
    await until(lambda: house.supervisor.units["broker"].reason == "closed")
    assert "worker" not in house.supervisor.pids
    is_open = True
    await house.supervisor.wait_up("worker")


async def test_a_start_step_that_fails_is_repeated_before_anybody_is_let_in(house: House) -> None:
    attempts = 0

    async def fails_twice() -> None:
        nonlocal attempts
        attempts += 1
        if attempts < 3:
            raise RuntimeError("not yet")

    house.supervisor.start(spec("broker", after_probe=fails_twice))
    await house.supervisor.wait_up("broker")
    assert attempts == 3


async def test_all_killed_at_once_all_come_back(house: House) -> None:
    house.supervisor.start(spec("broker"), spec("worker", needs=("broker",)), spec("api"))
    await house.supervisor.wait_up("broker", "worker", "api")
    before = dict(house.supervisor.pids)
    for pid in before.values():
        os.kill(pid, signal.SIGKILL)
    for name, pid in before.items():
        await house.wait_new_pid(name, pid)


async def test_a_process_that_cannot_start_stops_the_start_with_its_own_words(house: House) -> None:
    house.supervisor.start(spec("one", dummies.FAILING, probe=_never))
    with pytest.raises(StartError, match="cannot open the door"):
        await house.supervisor.wait_up("one")


async def test_stop_ends_the_deaf_too_and_leaves_no_pid_file(house: House, tmp_path: Path) -> None:
    flag = tmp_path / "deaf"
    house.supervisor.start(spec("one", dummies.STUBBORN.format(flag=str(flag)), stop_seconds=0.1), spec("two"))
    await house.supervisor.wait_up("one", "two")
    await until(flag.exists)
    pids = list(house.supervisor.pids.values())
    await house.supervisor.stop(["one"], ["two"])
    assert not any(is_alive(pid) for pid in pids)
    assert not list(house.data.run.glob("*.pid"))


async def test_stop_keeps_its_order(house: House) -> None:
    house.supervisor.start(spec("first"), spec("second"))
    await house.supervisor.wait_up("first", "second")
    second = house.pid("second")
    await house.supervisor.stop(["first"])
    assert is_alive(second)


async def test_a_process_killed_while_it_waits_to_restart_is_not_started_after_the_stop(house: House) -> None:
    house.supervisor.start(spec("one", dummies.FAILING, probe=_never))
    await until(lambda: house.supervisor.units["one"].deaths_in_a_row >= 1)
    await house.supervisor.stop(["one"])
    starts = house.supervisor.units["one"].starts
    await asyncio.sleep(0.5)
    assert house.supervisor.units["one"].starts == starts


async def test_those_that_are_ended_in_a_hurry_are_not_said_to_start_again(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    house.supervisor.start(spec("one"), spec("two", needs=("one",)))
    await house.supervisor.wait_up("one", "two")
    house.supervisor.kill_all()
    await asyncio.wait_for(house.supervisor.stop(("two",), ("one",)), 10)
    assert [unit.starts for unit in house.supervisor.units.values()] == [1, 1]
    assert "starts again" not in capsys.readouterr().out + "".join(house.console.tail("one"))


async def test_what_a_process_started_ends_with_it(house: House, tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    code = (
        "import pathlib, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\ntime.sleep(600)"
    )
    house.supervisor.start(spec("one", code))
    await until(lambda: note.exists() and note.read_text() != "")
    grandchild = int(note.read_text())
    first = house.pid("one")
    os.kill(first, signal.SIGKILL)
    await house.wait_new_pid("one", first)
    await until(lambda: not is_alive(grandchild))


async def test_every_line_a_process_prints_is_in_its_log_also_the_last_ones(house: House) -> None:
    code = "print('x' * 100_000)\nprint('end')\nimport time; time.sleep(600)"
    house.supervisor.start(spec("one", f"import sys; sys.stdout.reconfigure(line_buffering=True)\n{code}"))
    await until(lambda: house.console.tail("one")[-1:] == ["end"])
    assert sum(line.count("x") for line in house.console.tail("one")) == 100_000
    assert "end" in (house.data.logs / "one.log").read_text()


async def _never() -> Health:
    return Health(False, "never")
