"""`heliograph demo` against the running product: what it made is stored, once, and a second run adds nothing."""

import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from app.demo.job import load_job, spool_of
from app.demo.knock import REQUESTS
from tests.fixtures.stack import Stack

OPENS = "SELECT count() FROM events"
LATE = "SELECT count() FROM drops WHERE reason = 'campaign_not_active'"


def demo(stack: Stack, *options: str) -> "subprocess.CompletedProcess[str]":
    return stack.command("--data", str(stack.data), "demo", *options)


def made(stack: Stack) -> int:
    job = load_job(stack.data, stack.organisation_id)
    assert job is not None and job.state == "done"
    return job.events


def ended(stack: Stack) -> int:
    """How many hits have come to their end: stored, or dropped because the campaign was over."""
    stack.wait_settled()  # what the demo asked of the collector itself
    return int(stack.value(OPENS)) + int(stack.value(LATE))


@pytest.mark.timeout(240)
def test_a_filling_is_stored_once_and_completed_when_it_was_killed(stack: Stack) -> None:
    first = demo(stack, "--people", "18", "--days", "40", "--seed", "3")
    assert first.returncode == 0, first.stdout + first.stderr
    events = made(stack) + 18  # of each person's pixel one real request
    assert ended(stack) == events > 500
    assert stack.value(OPENS) == stack.value("SELECT uniqExact(id) FROM events")
    assert stack.value("SELECT uniqExact(user_id) FROM events") == 18
    assert (
        stack.get("/api/tracking/my-stats")["thisMonth"]["opens"]
        + stack.get("/api/tracking/my-stats")["lastWeek"]["opens"]
        > 0
    )
    assert not list((stack.data / "spool").glob("demo-*"))
    metrics = metrics_of(stack, events)
    recording = metrics["recording"]
    assert (recording["stored"] + stack.value(LATE), recording["onTheWay"]) == (events, 0)
    assert metrics["latency"]["requests"] == 18
    campaigns = check_campaigns(stack)

    second = demo(stack)
    assert second.returncode == 0 and "complete" in second.stdout
    assert ended(stack) == events

    _kill_in_the_middle(stack)
    resumed = demo(stack)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert ended(stack) == events + made(stack) + REQUESTS
    assert stack.value(OPENS) == stack.value("SELECT uniqExact(id) FROM events")
    assert check_campaigns(stack) == campaigns
    assert stack.command("verify").returncode == 0


def metrics_of(stack: Stack, accepted: int) -> dict[str, Any]:
    """Success metrics, once the collector has said of all its hits that it has them."""
    deadline = time.monotonic() + 20
    found: dict[str, Any] = {}
    while (found := stack.get("/api/admin/tracking/success-metrics"))["recording"]["accepted"] != accepted:
        assert time.monotonic() < deadline, found
        time.sleep(0.2)
    return found


def check_campaigns(stack: Stack) -> list[str]:
    """One is over, one runs, one is a draft; each has the opens that the log has of its time. Return their ids."""
    items = stack.get("/api/admin/campaigns")["data"]
    assert [item["state"] for item in items] == ["draft", "active", "ended"]
    for item in items[1:]:
        stats = stack.get(f"/api/admin/campaigns/{item['id']}/stats")
        stored = f"FROM events WHERE campaign_id = '{item['id']}'"
        people = f"countIf(open_class IN ('human', 'image_proxy') AND NOT is_rate_limited) {stored}"
        assert stats["opens"] == stack.value(f"SELECT {people}") > 50
        assert stats["opens"] + stats["notCounted"] == stack.value(f"SELECT count() {stored}")
        assert not stats["campaignAgainstBefore"]["tooFew"] and stats["baseline"]["people"] == 17  # all but the owner
        until = item["endedAt"] or item["endsAt"]
        outside = f"at < parseDateTime64BestEffort('{item['startedAt']}') OR at >= parseDateTime64BestEffort('{until}')"
        assert stack.value(f"SELECT count() {stored} AND ({outside})") == 0
    assert stats["dropped"] == [{"reason": "campaign_not_active", "hits": stack.value(LATE)}]
    return [item["id"] for item in items]


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
        assert ended(stack) == 1
        assert demo(stack, "--people", "3", "--days", "5", "--yes").returncode == 0
        assert ended(stack) == 1 + made(stack) + 3
        assert stack.get("/api/admin/campaigns")["data"] == []  # no room for them in five days
    finally:
        stack.stop()


def test_without_a_running_product_it_says_how_to_start_one(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.cli", "--data", str(tmp_path), "demo"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin"})
    assert done.returncode == 1 and "heliograph up" in done.stderr
