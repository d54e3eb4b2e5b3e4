"""The life of `heliograph up`: lock, start in order of readiness, tell people where to go, watch, stop in order."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from app.embedded import closing_block, leftovers, ports, probes, ready_file
from app.embedded.console import Console
from app.embedded.credentials import Credentials
from app.embedded.data_dir import DataDir
from app.embedded.errors import StartError
from app.embedded.local_zone import local_time_zone
from app.embedded.lock import DirectoryLock
from app.embedded.one_shot import OneShotError, run_module
from app.embedded.options import UpOptions
from app.embedded.plan import Plan, own_settings
from app.embedded.recycle import Recycler
from app.embedded.supervisor import Supervisor
from app.private_files import keep_files_private

_STOP_ORDER = (("api",), ("worker",), ("collector",), ("broker", "redis", "clickhouse"))
"""Readers first, the collector last of ours: it answers as long as anything is left to answer for."""
_WATCH_SECONDS = 1.0


def up(options: UpOptions) -> int:
    """Run the product until Ctrl-C or SIGTERM; return the exit code, 1 with a message if it cannot start."""
    keep_files_private()
    try:
        data = DataDir.of(options.data)
        local_time_zone()
        ports.is_free(options.host, 0)  # an address that is not ours is told by its option, not as a setting
        _check_settings(own_settings(options, data, os.environ))
        data.make()
    except StartError as error:  # there is no log yet to say it in
        sys.stdout.write(f"\nheliograph: {error}\n")
        return 1
    console = Console(data.logs, is_verbose=options.is_verbose)
    try:
        url = f"http://{options.visible_host}:{options.port}"
        with DirectoryLock(data, url=url):
            return asyncio.run(Launcher(options, data, console).run())
    except StartError as error:
        console.line(f"\nheliograph: {error}")
        return 1
    finally:
        console.close()


def _check_settings(environment: Mapping[str, str]) -> None:
    """Raise `StartError` if our processes could not use these settings; asked in a child, so that we stay small."""
    checked = subprocess.run(
        [sys.executable, "-m", "app.read_settings"], env=dict(environment), capture_output=True, text=True, check=False
    )
    if checked.returncode:
        raise StartError(checked.stderr.strip())


class Launcher:
    """One start of the product. The directory's lock is held by the caller."""

    def __init__(self, options: UpOptions, data: DataDir, console: Console) -> None:
        self._options, self._data, self._console = options, data, console
        self._supervisor = Supervisor(data, console, on_start=self._pids_changed)
        self._credentials = Credentials.of(data)
        self._people: dict[str, str] = {}
        self._is_ready = False
        self._stop = asyncio.Event()
        self._plan: Plan

    async def run(self) -> int:
        """Start, watch, stop; raises `StartError` when it cannot start, with nothing left running."""
        self._listen_for_signals()
        self._tidy_up()
        self._check_ports()
        self._plan = Plan.make(self._options, self._data, self._credentials, os.environ)
        work = asyncio.create_task(self._start_and_watch())
        stop = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait([work, stop], return_when=asyncio.FIRST_COMPLETED)
        finally:
            failure = await self._shut_down(work)
            stop.cancel()
        if failure is not None:
            raise failure
        return 0

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Under nohup a closed terminal means nothing. SIGINT is heeded though a shell's background ignores it.
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self._on_signal)

    def _on_signal(self) -> None:
        if self._stop.is_set():
            self._console.progress("stopping at once")
            self._supervisor.kill_all()
        self._stop.set()

    def _tidy_up(self) -> None:
        """Remove what a launcher that was killed has left: processes, the ready file, a hold."""
        ready_file.remove(self._data)
        self._data.hold.unlink(missing_ok=True)
        left = leftovers.end_leftovers(self._data.run)
        if left:
            self._console.progress(f"ended what an earlier start left behind: {', '.join(left)}")

    def _check_ports(self) -> None:
        options = self._options
        if options.pixel_port in (options.port, options.worker_port):
            raise StartError(
                f"Port {options.pixel_port} cannot serve pixels too: --port takes it and the second after it. "
                f"Choose another one: --collector-port {options.port + 1}"
            )
        collector_option = "--port" if options.collector_port is None else "--collector-port"
        ports.require_free(options.host, options.port, purpose="API and pages")
        ports.require_free(options.host, options.pixel_port, purpose="collector", option=collector_option)
        ports.require_free("127.0.0.1", options.worker_port, purpose="worker")

    # -- start ---------------------------------------------------------------------------------------------

    async def _start_and_watch(self) -> None:
        plan, supervisor = self._plan, self._supervisor
        names = [spec.name for spec in plan.services]
        self._console.progress(f"starting {', '.join([*names, 'collector'])} on {self._data.root}")
        supervisor.start(*plan.services, plan.collector())
        people = asyncio.create_task(self._prepare())
        try:
            await supervisor.wait_up(*names)
            self._people = await people
        finally:
            people.cancel()
        self._console.progress("tables and topics are in place; starting worker and api")
        supervisor.start(plan.worker(), plan.api())
        await supervisor.wait_up("collector", "worker", "api")
        await self._wait_collector_forwards()
        self._is_ready = True
        self._write_ready()
        for line in closing_block.lines(self._plan, self._people):
            self._console.line(line)
        await asyncio.gather(self._watch_memory(), self._fill_demo(), self._stop.wait())

    async def _prepare(self) -> dict[str, str]:
        """Migrate all stores and greet the owner, in a process of its own: the launcher stays small."""
        keep = self._console.reader("migrate", is_service=True)

        def read(line: str) -> None:
            keep(line)
            if line.startswith("waiting for "):  # a URL leads nowhere yet: nobody should wonder for a minute
                self._console.progress(line)

        try:
            answer = await run_module(
                "app.embedded.prepare",
                *(() if self._plan.has_embedded_broker else ("--with-topics",)),
                env={**self._plan.env, "HELIOGRAPH_READ_KEY": self._credentials.api_key or ""},
                on_line=read,
            )
            people: dict[str, str] = json.loads(answer)
        except (OneShotError, ValueError) as error:
            raise StartError(
                f"The stores could not be prepared: {error}\nAll of it: {self._data.logs / 'migrate.log'}"
            ) from error
        self._credentials = self._credentials.with_api_key(people["api_key"])
        self._credentials.keep(self._data)
        return people

    async def _wait_collector_forwards(self) -> None:
        """Wait until the collector says that hits reach Kafka: then the whole path is open."""
        token = self._plan.env["METRICS_TOKEN"]
        probe = probes.http(self._options.local_host, self._options.pixel_port, "/api/t/health/ready", token=token)
        said = 0
        while not (health := await probe()).is_ready:
            said += 1
            if said % 50 == 0:
                self._console.progress(f"still waiting (collector: {health.reason})")
            await asyncio.sleep(0.1)

    def _pids_changed(self) -> None:
        if self._is_ready:
            self._write_ready()

    def _write_ready(self) -> None:
        try:
            ready_file.write(self._plan, pids=self._supervisor.pids, people=self._people)
        except OSError as error:
            self._console.progress(f"cannot write {self._data.ready}: {error.strerror}")

    # -- while it runs -------------------------------------------------------------------------------------

    async def _watch_memory(self) -> None:
        if not self._plan.has_embedded_broker:
            return
        recycler = Recycler(
            self._supervisor,
            self._data,
            self._console,
            limit_mb=self._options.broker_memory_limit_mb,
            readiness=self._collector_readiness,
        )
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            if recycler.is_over_limit():
                await recycler.recycle()

    async def _collector_readiness(self) -> dict[str, Any]:
        token = self._plan.env["METRICS_TOKEN"]
        return await probes.http_json(
            self._options.local_host, self._options.pixel_port, "/api/t/health/ready", token=token
        )

    async def _fill_demo(self) -> None:
        """Fill the organisation with demo data while people look; a second time it finds its work done."""
        if not self._options.has_demo:
            return
        self._console.note("demo", "filling in 50 people, 90 days of opens and three campaigns; watch the numbers move")
        read = self._console.reader("demo", is_service=False)
        try:
            read(await run_module("app.cli", "--data", str(self._data.root), "demo", env=self._plan.env, on_line=read))
        except OneShotError as error:
            again = f"{closing_block.command(self._data.root)} demo"
            self._console.note("demo", f"stopped: {error}. `{again}` tries again.")

    # -- stop ----------------------------------------------------------------------------------------------

    async def _shut_down(self, work: asyncio.Task[None]) -> BaseException | None:
        """Stop everything within 10 s; return why the work ended if it ended by itself."""
        failure = work.exception() if work.done() and not work.cancelled() else None
        if self._stop.is_set():
            failure = None  # what fails while people stop the product is no news
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await work
        ready_file.remove(self._data)
        self._console.progress("stopping")
        await self._supervisor.stop(*_STOP_ORDER)
        self._data.hold.unlink(missing_ok=True)
        self._console.progress("stopped; everything you recorded is in " + str(self._data.root))
        sys.stdout.flush()
        return failure
