"""`heliograph demo` against the running product: what it made is stored, once, and a second run adds nothing."""

import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from app.demo.job import load_job, spool_of
from tests.fixtures.stack import Stack

OPENS = "SELECT count() FROM events"


def demo(stack: Stack, *options: str) -> "subprocess.CompletedProcess[str]":
    return stack.command("--data", str(stack.data), "demo", *options)


def made(stack: Stack) -> int:
    job = load_job(stack.data, stack.organisation_id)
    assert job is not None and job.state == "done"
    return job.events


@pytest.mark.timeout(240)
def test_a_filling_is_stored_once_and_completed_when_it_was_killed(stack: Stack) -> None:
    first = demo(stack, "--people", "12", "--days", "40", "--seed", "3")
    assert first.returncode == 0, first.stdout + first.stderr
    events = made(stack)
    assert stack.value(OPENS) == stack.value("SELECT uniqExact(id) FROM events") == events > 500
    assert stack.value("SELECT uniqExact(user_id) FROM events") == 12
    assert (
        stack.get("/api/tracking/my-stats")["thisMonth"]["opens"]
        + stack.get("/api/tracking/my-stats")["lastWeek"]["opens"]
        > 0
    )
    assert not list((stack.data / "spool").glob("demo-*"))
    recording = stack.get("/api/admin/tracking/success-metrics")["recording"]
    assert (recording["accepted"], recording["stored"], recording["onTheWay"]) == (events, events, 0)

    second = demo(stack)
    assert second.returncode == 0 and "complete" in second.stdout
    assert stack.value(OPENS) == events

    _kill_in_the_middle(stack)
    resumed = demo(stack)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert stack.value(OPENS) == stack.value("SELECT uniqExact(id) FROM events") == events + made(stack)
    assert stack.command("verify").returncode == 0


def _kill_in_the_middle(stack: Stack) -> None:
    """Start another filling and kill it as soon as its spool is there, with the worker frozen so that it can't end."""
    stack.freeze("worker")
    try:
        command = [sys.executable, "-m", "app.cli", "--data", str(stack.data), "demo", "--again", "--seed", "5"]
        process = subprocess.Popen(command, env=stack.settings_env(), stdout=subprocess.DEVNULL)
        while (job := load_job(stack.data, stack.organisation_id)) is None or not spool_of(
            stack.data, job.source
        ).is_dir():
            assert process.poll() is None, "it ended although nothing was stored"
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    finally:
        stack.thaw("worker")


def test_it_does_not_mix_with_real_opens_unasked(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "data")
    stack.start()
    try:
        urllib.request.urlopen(stack.user_pixel_url, timeout=10).read()
        stack.wait_settled()
        refused = demo(stack, "--people", "3", "--days", "5")
        assert refused.returncode == 1, refused.stdout + refused.stderr
        assert stack.value(OPENS) == 1
        assert demo(stack, "--people", "3", "--days", "5", "--yes").returncode == 0
        assert stack.value(OPENS) == 1 + made(stack)
    finally:
        stack.stop()


def test_without_a_running_product_it_says_how_to_start_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.cli", "--data", str(tmp_path), "demo"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin"})
    assert done.returncode == 1 and "heliograph up" in done.stderr
