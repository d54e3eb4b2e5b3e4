"""The HTTP server of our processes, with room for as many connections as a busy day brings."""

import gc
import resource
from collections.abc import Callable
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server

_WAITING = 1024
"""Connections that the system holds until they are taken."""


def make_server(
    application: Callable[..., Any],
    *,
    host: str,
    port: int,
    max_connections: int,
    interface: Interfaces = Interfaces.ASGI,
) -> Server:
    """Return a server that is not started yet.

    granian takes 128 connections at once if it is not told otherwise, and lets all others wait without a word: a live
    stream, or a proxy that keeps connections open, holds one for good. The limit of open files is raised as far as
    the system lets us.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return Server(
        application,
        address=host,
        port=port,
        interface=interface,
        websockets=False,
        log_enabled=False,
        backlog=_WAITING,
        backpressure=max_connections,
    )


def settle_heap() -> None:
    """Take what is loaded by now out of the garbage collector's sight; call it last before serving.

    With a thousand live pages open, a look at everything takes 0.3 s in which nobody is answered; and answers make
    hardly any cycles, so it need not look often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
