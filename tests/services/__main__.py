"""`python -m tests.services run [--only NAME,…] -- COMMAND`, and `… restart NAME STATE` for kill tests."""

import argparse
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from tests.services import state
from tests.services.service import MissingPartError, Service, ServiceDidNotStartError, start, stop


def main() -> int:
    """Run the command line; returns the exit status of COMMAND, or 1 with the reason on standard error."""
    parser = argparse.ArgumentParser(prog="python -m tests.services", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="start the services, run COMMAND with their URLs, stop them")
    run.add_argument("--only", default=",".join(state.PREPARE), help="services to start, comma separated")
    run.add_argument("--keep", action="store_true", help="keep the data and the logs")
    run.add_argument("program", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    again = commands.add_parser("restart", help="start a killed service again on its data")
    again.add_argument("name", choices=list(state.PREPARE))
    again.add_argument("state", type=Path)
    arguments = parser.parse_args()
    try:
        if arguments.command == "restart":
            print(state.restart(arguments.state, arguments.name).pid)
            return 0
        return _run(arguments.only.split(","), arguments.program, keep=arguments.keep)
    except (MissingPartError, ServiceDidNotStartError) as error:
        print(f"tests.services: {error}", file=sys.stderr)
        return 1


def _run(names: list[str], program: list[str], *, keep: bool) -> int:
    program = program[1:] if program[:1] == ["--"] else program
    if not program:
        raise MissingPartError("no command given: python -m tests.services run -- COMMAND")
    # Not below the checkout: the unprivileged user of PostgreSQL may not be able to look into it.
    base = Path(tempfile.mkdtemp(prefix="heliograph-services-"))
    base.chmod(0o755)
    state_file = base / "services.json"
    with _signals_as_exit(), contextlib.ExitStack() as at_end:
        if not keep:
            at_end.callback(shutil.rmtree, base, ignore_errors=True)
        at_end.callback(_stop_all, state_file)
        services: dict[str, Service] = {}
        for name in names:
            service = state.PREPARE[name](base)
            start(service, state.READY[name])
            services[name] = service
            state.write(state_file, services)
        environment = {state.VARIABLE[name]: service.url for name, service in services.items()}
        environment |= {"REAL_SERVICES": "1", "SERVICES_JSON": str(state_file)}
        child = subprocess.Popen(program, env=os.environ | environment)
        try:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait(timeout=30)


def _stop_all(state_file: Path) -> None:
    if state_file.exists():
        for service in reversed(state.read(state_file).values()):
            stop(service)


@contextlib.contextmanager
def _signals_as_exit() -> Iterator[None]:
    """Turn SIGTERM into `SystemExit`, so that the services are stopped on the way out."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    previous = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


if __name__ == "__main__":
    sys.exit(main())
