"""How the work of a parser grows with its input: bounded by the ratio of two measurements, never by a time."""

import gc
import time
from collections.abc import Callable, Iterator

MOST_GROWTH = 2.5
"""Twice the input may take so many times the work: 2 if it is linear, 4 if it is quadratic."""
SPAN = 16
"""Sizes are compared over four doublings: linear is 16, the limit 39, quadratic 256. No machine is so uneven."""
STEP = 4
FLOOR_SECONDS = 0.000_25
"""Less is noise. What grows too fast is above it long before its longest input, or does not matter there."""
EXPLODES_SECONDS = 0.1
"""What no 64 characters may take: only what grows exponentially does, and it would never end at the longest."""
REPEATS = 8

Shape = Callable[[int], str]


def repeated(pump: str, *, before: str = "", after: str = "") -> Shape:
    """Return a shape: as many pumps as fit between two texts."""
    return lambda size: before + pump * max(1, (size - len(before) - len(after)) // len(pump)) + after


def check_growth(run: Callable[[str], object], shape: Shape, longest: int, *, says: str) -> None:
    """Fail if twice the input takes more than `MOST_GROWTH` times the work, on the way to the longest.

    Work is this thread's CPU time, the best of several runs: other processes and slow machines change nothing.
    """
    for size in range(8, min(longest, 64) + 1, 8):
        assert _seconds(run, shape(size)) < EXPLODES_SECONDS, f"{says}: {size} characters of {shape(size)[:60]!r}"
    most = MOST_GROWTH ** (SPAN.bit_length() - 1)
    taken: dict[int, float] = {}
    for size in _sizes(longest):
        text, shorter = shape(size), size // SPAN
        taken[size] = _seconds(run, text)
        if shorter not in taken:
            continue
        for _ in range(REPEATS):
            if taken[size] <= most * max(taken[shorter], FLOOR_SECONDS):
                break
            taken[shorter] = min(taken[shorter], _seconds(run, shape(shorter)))
            taken[size] = min(taken[size], _seconds(run, text))
        growth = taken[size] / max(taken[shorter], FLOOR_SECONDS)
        assert growth <= most, (
            f"{says}: {size:,} characters take {growth:.0f} times as long as {shorter:,} of them "
            f"({taken[size] * 1000:.1f} ms), of the shape {text[:60]!r}…{text[-10:]!r}"
        )


def _sizes(longest: int) -> Iterator[int]:
    """Yield the longest input and its quarters, the shortest first."""
    sizes = [longest]
    while sizes[-1] >= 16 * STEP or len(sizes) < 3:
        sizes.append(sizes[-1] // STEP)
    yield from reversed(sizes)


def _seconds(run: Callable[[str], object], text: str) -> float:
    was_on = gc.isenabled()
    gc.disable()
    try:
        began = time.thread_time()
        run(text)
        return time.thread_time() - began
    finally:
        if was_on:
            gc.enable()
