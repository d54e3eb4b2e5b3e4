"""`python -m tests.siege --minutes 60 [--seed N] [--stack embedded|services] [--only TROUBLE]`."""

import argparse
import asyncio
import os
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path

from tests.fixtures.stack import Stack
from tests.siege import plan, report
from tests.siege.clock import Clock
from tests.siege.ground import Ground, StackKind
from tests.siege.siege import STACK_ENV, Done, Siege, Verdict


def main() -> int:
    """Run the command line; 0 when nothing was wrong, 1 when something was, 2 when it could not be tried."""
    parser = argparse.ArgumentParser(prog="python -m tests.siege", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=None, help="repeats a siege; without it, one of chance")
    parser.add_argument("--stack", choices=["embedded", "services"], default="embedded")
    parser.add_argument("--only", default=None, help="a trouble (freeze:broker) or a kind of them (freeze)")
    parser.add_argument("--rate", type=float, default=100, help="hits for each second")
    parser.add_argument("--keep", type=Path, default=None, help="keep data and logs here")
    parser.add_argument("--list", action="store_true", help="list the troubles of the stack")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(plan.names(arguments.stack)))
        return 0
    if arguments.stack == "services" and os.environ.get("REAL_SERVICES") != "1":
        again = [sys.executable, "-m", "tests.siege", *sys.argv[1:]]
        command = [sys.executable, "-m", "tests.services", "run", "--", *again]
        os.execv(sys.executable, command)
    seed = secrets.randbits(31) if arguments.seed is None else arguments.seed
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="heliograph-siege-"))
    folder.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # so that nothing is left running
    print(f"siege of the {arguments.stack} stack for {arguments.minutes:g} min, seed {seed}, in {folder}", flush=True)
    try:
        verdict = besiege(
            folder, arguments.stack, seed=seed, minutes=arguments.minutes, only=arguments.only, rate=arguments.rate
        )
    except plan.NoSuchTroubleError as error:
        print(f"siege: {error}", file=sys.stderr)
        return 2
    chosen = {"seed": seed, "kind": arguments.stack, "minutes": arguments.minutes, "only": arguments.only}
    print("\n".join(report.verdict_lines(verdict, **chosen)), flush=True)
    if verdict.is_clean and arguments.keep is None:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"Data and logs: {folder}")
    return 0 if verdict.is_clean else 1


def besiege(
    folder: Path, kind: StackKind, *, seed: int, minutes: float, only: str | None = None, rate: float = 100
) -> Verdict:
    """Start the product in `folder`, besiege it, stop it. Raises `NoSuchTroubleError` before anything starts."""
    next(plan.steps(seed, kind, only))
    clock = Clock.make(folder)
    if clock is None:
        print("no C compiler (cc) here: the clock cannot jump, those steps do nothing", flush=True)
    stack = Stack(folder / "data", env=STACK_ENV | (clock.environment if clock else {}))
    try:
        stack.start()
        siege = Siege(Ground(stack, kind, clock), plan.steps(seed, kind, only), per_second=rate, say=_say)
        return asyncio.run(siege.run(minutes * 60))
    finally:
        if stack.is_running:
            stack.stop()


def _say(done: Done) -> None:
    print(report.line(done), flush=True)


if __name__ == "__main__":
    sys.exit(main())
