"""One child process: started so that it cannot outlive the launcher, its output read line by line."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence

_PR_SET_PDEATHSIG = 1
_LONGEST_LINE = 16_384
# Loaded here and not in the child: between fork and exec nothing may allocate or take a lock.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Child:
    """A running process in its own session: Ctrl-C reaches the launcher only, and the stop keeps its order."""

    def __init__(self, process: asyncio.subprocess.Process, reader: asyncio.Task[None]) -> None:
        self._process, self._reader = process, reader
        self.started_at = time.monotonic()

    @classmethod
    async def start(cls, argv: Sequence[str], *, env: Mapping[str, str], on_line: Callable[[str], None]) -> "Child":
        """Start `argv`; each line it prints on either output goes to `on_line`, without its newline."""
        # Our own pipe: with asyncio's, `wait` would also wait for grandchildren that hold it open.
        ours, theirs = os.pipe()
        reader = asyncio.create_task(_read_lines(ours, on_line))
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                env=dict(env),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=theirs,
                stderr=theirs,
                start_new_session=True,
                preexec_fn=die_with_parent(),
            )
        finally:
            os.close(theirs)  # the reader ends when the last process that holds the other end does
        return cls(process, reader)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether its end has not been seen yet."""
        return self._process.returncode is None

    async def wait(self) -> int:
        """Wait for the end, return the exit code (negative: the signal); its last lines have been read then."""
        code = await self._process.wait()
        # What it wrote is in the pipe already; only a grandchild can keep the reader waiting.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._reader), 0.5)
        return code

    def kill(self) -> None:
        """End it and everything it started, at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    async def stop(self, *, grace_seconds: float) -> None:
        """Ask it to end; after `grace_seconds` end it, and in any case whatever it left in its session."""
        if self.is_running:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._process.wait()), grace_seconds)
        self.kill()
        await self.wait()


def die_with_parent() -> Callable[[], None] | None:
    """Return what a child runs before its program so that the kernel kills it with the launcher; Linux only.

    Elsewhere the next start ends what is left (`leftovers`).
    """
    libc = _LIBC
    if libc is None:
        return None
    launcher = os.getpid()

    def ask_the_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != launcher:  # it died before we asked
            os._exit(1)

    return ask_the_kernel


async def _read_lines(descriptor: int, on_line: Callable[[str], None]) -> None:
    """Cut what comes into lines; one longer than 16 KiB is passed on in pieces, so that memory stays flat."""
    stream = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(descriptor, "rb", 0)
    )
    rest = b""
    try:
        while block := await stream.read(65_536):
            *lines, rest = (rest + block).split(b"\n")
            if len(rest) > _LONGEST_LINE:
                lines.append(rest)
                rest = b""
            for line in lines:
                on_line(line.decode(errors="replace").rstrip("\r"))
        if rest:
            on_line(rest.decode(errors="replace"))
    finally:
        transport.close()
