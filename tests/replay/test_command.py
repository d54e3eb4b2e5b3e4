"""`heliograph replay` against the running product: under load, killed, interrupted, repeated."""

import asyncio
import json
import signal
import subprocess
import sys

import pytest

from tests.fixtures.stack import Stack
from tests.kill.load import Load
from tests.replay.rulesets import NUMBER


def _hear_interrupts() -> None:
    """A shell that starts something in the background has it ignore Ctrl-C, and so would what it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Replays:
    """Runs of the command, in which ruleset 2 exists."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def begin(self, *options: str, **more: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.replay.with_ruleset_2", "replay", "--ruleset", str(NUMBER), *options]
        return subprocess.Popen(
            command,
            env=self._stack.settings_env() | more,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_hear_interrupts,  # noqa: PLW1509 - takes no lock
        )

    async def run(self, *options: str) -> str:
        """Run it to its end and return what it printed."""
        process = self.begin(*options)
        said, complained = await asyncio.to_thread(process.communicate, timeout=120)
        assert process.returncode == 0, complained
        return said

    async def stop_at(self, state: str, sign: signal.Signals, *options: str) -> int:
        """Run it until it stands still in a month of this state, then send the signal; return the exit code."""
        still = self._stack.data / "stands-still"
        still.unlink(missing_ok=True)
        process = self.begin(*options, STAND_STILL_AT=state, STANDS_STILL=str(still))
        async with asyncio.timeout(120):
            while not still.exists():
                assert process.poll() is None, process.communicate()
                await asyncio.sleep(0.05)
        process.send_signal(sign)
        try:
            await asyncio.to_thread(process.communicate, timeout=60)
        finally:
            process.kill()  # or it would be at work beside the next one
        return process.returncode


def rulesets(stack: Stack, mark: str) -> set[int]:
    return {
        row[0]
        for row in stack.rows("SELECT DISTINCT ruleset FROM events WHERE position(user_agent, %(m)s) > 0", {"m": mark})
    }


def assert_clean(stack: Stack) -> None:
    verified = stack.command("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.kill
@pytest.mark.parametrize(
    "killed_in", [("swapping",), pytest.param(("done", "swapping", "swapped"), marks=pytest.mark.deep)], ids=len
)
async def test_killed_interrupted_and_under_load_nothing_is_lost_and_everything_is_swapped_at_the_end(
    stack: Stack, killed_in: tuple[str, ...]
):
    replays = Replays(stack)
    async with Load(stack.user_pixel_url, per_second=60) as load:
        await load.more(200)
        await asyncio.to_thread(stack.wait_ready)
        assert await replays.stop_at("filling", signal.SIGKILL) == -signal.SIGKILL
        assert await replays.stop_at("filling", signal.SIGINT) == 130
        assert rulesets(stack, load.mark) == {1}
        assert_clean(stack)
        seen = json.loads(await replays.run("--json"))
        assert seen["isSwapped"] is False
        assert seen["opens"] >= 200
        for state in killed_in:
            await load.more(50)
            assert await replays.stop_at(state, signal.SIGKILL, "--swap") == -signal.SIGKILL
        await load.more(50)
        judged_before = stack.value("SELECT max(at) FROM events")
        said = json.loads(await replays.run("--swap", "--json"))
        assert said["isSwapped"] is True
        await load.more(50)
    stack.wait_settled()
    logged = stack.rows("SELECT user_agent FROM events WHERE position(user_agent, %(m)s) > 0", {"m": load.mark})
    agents = [row[0] for row in logged]
    assert len(agents) == len(set(agents))
    assert load.answered <= set(agents) <= load.answered | load.unanswered
    left_behind = stack.value("SELECT countIf(ruleset != 2) FROM events WHERE at <= %(at)s", {"at": judged_before})
    assert left_behind == 0
    assert_clean(stack)
    assert stack.value("SELECT count() FROM system.databases WHERE name LIKE 'heliograph_replay%%'") == 0


async def test_an_unknown_ruleset_and_a_contradiction_are_refused_in_a_sentence(stack: Stack):
    unknown = stack.command("replay", "--ruleset", "7")
    assert unknown.returncode == 2
    assert "There is no ruleset 7; there is 1." in unknown.stderr
    both = stack.command("replay", "--ruleset", "1", "--swap", "--discard")
    assert both.returncode == 2
    assert "choose one" in both.stderr


async def test_the_table_says_what_would_change_and_discard_forgets_it(stack: Stack):
    stack.wait_settled()
    shown = stack.command("replay", "--ruleset", "1")
    assert shown.returncode == 0, shown.stderr
    assert "opens judged by ruleset 1" in shown.stdout
    assert "--swap" in shown.stderr
    forgotten = stack.command("replay", "--ruleset", "1", "--discard")
    assert forgotten.returncode == 0, forgotten.stderr
    assert stack.value("SELECT count() FROM system.databases WHERE name LIKE 'heliograph_replay%%'") == 0
