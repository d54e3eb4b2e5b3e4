"""Closing is bounded: a library that takes a cancellation for an answer holds nobody up."""

import asyncio
import contextlib
import time

import pytest

from app.collector.closing import closed_within


async def test_what_ignores_its_cancellation_is_left_to_itself(caplog: pytest.LogCaptureFixture) -> None:
    end = asyncio.Event()

    async def stubborn() -> None:
        while not end.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await end.wait()

    began = time.monotonic()
    await asyncio.wait_for(closed_within(0.05, stubborn(), what="the reader"), 30)
    assert time.monotonic() - began < 20
    assert "the reader did not close" in caplog.text
    end.set()
    await asyncio.sleep(0)


async def test_an_error_while_closing_is_nobodys_trouble() -> None:
    async def broken() -> None:
        raise OSError("gone")

    await closed_within(5, broken(), what="the reader")
