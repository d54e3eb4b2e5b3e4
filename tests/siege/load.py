"""The load of a siege: numbered hits on three tokens, two of people and one that nobody has."""

import asyncio
import contextlib
import secrets
from dataclasses import dataclass

from tests.fixtures.stack import Stack
from tests.kill.load import Load

_SHARES = (0.4, 0.4, 0.2)
_BLAST_CONNECTIONS = 24


@dataclass
class Window:
    """A lossy trouble: which numbers of each load were asked meanwhile, and how many hits the collector lost in all."""

    spans: list[tuple[int, int]]
    lost: int = 0


class SiegeLoad:
    """Loads side by side from `async with` until its end. `people` go to the log, `unknown` to the drops."""

    def __init__(self, stack: Stack, *, per_second: float) -> None:
        colleague = _colleague(stack)
        nobody = stack.user_pixel_url.rpartition("/")[0] + f"/{secrets.token_hex(12)}.gif"
        self._pixels = (stack.user_pixel_url, colleague, nobody)
        own, others, unknown = (
            Load(url, per_second=per_second * share) for url, share in zip(self._pixels, _SHARES, strict=True)
        )
        self.people, self.unknown = [own, others], unknown
        self.blasts: list[Load] = []
        self.windows: list[Window] = []
        self._exits = contextlib.AsyncExitStack()

    @property
    def all(self) -> list[Load]:
        """Every load there has been, also those that are over."""
        return [*self.people, self.unknown, *self.blasts]

    async def __aenter__(self) -> "SiegeLoad":
        for load in (*self.people, self.unknown):
            await self._exits.enter_async_context(load)
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._exits.aclose()

    async def blast(self, per_second: float, until: asyncio.Event) -> None:
        """Knock much more often, on a person's pixel, until the event is set."""
        load = Load(self._pixels[1], per_second=per_second, connections=_BLAST_CONNECTIONS)
        self.blasts.append(load)
        async with load:
            await until.wait()

    def open_window(self) -> Window:
        """From now on hits may be lost; those under way are counted in."""
        window = Window([(max(0, len(load) - 64), 0) for load in self.all])
        self.windows.append(window)
        return window

    def close_window(self, window: Window, *, lost: int) -> None:
        """From now on nothing may be lost again; `lost` is what the collector has counted."""
        begins = [first for first, _ in window.spans] + [0] * (len(self.all) - len(window.spans))
        window.spans = [(first, len(load)) for first, load in zip(begins, self.all, strict=True)]
        window.lost = lost


def _colleague(stack: Stack) -> str:
    """Add a second person and return their pixel's address."""
    email = f"siege-{secrets.token_hex(3)}@example.com"
    added = stack.command("users", "add", email, "--name", "Siege")
    assert added.returncode == 0, added.stderr
    rotated = stack.command("users", "rotate-token", email)
    assert rotated.returncode == 0, rotated.stderr
    return rotated.stdout.strip()
