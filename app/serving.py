"""The HTTP server of our processes, with room for as many connections as a busy day brings."""

import gc
import resource
from collections.abc import Callable
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

_WAITING = 1024
"""Connections that the system holds until they are taken."""


def make_server(
    application: Callable[..., Any],
    *,
    host: str,
    port: int,
    max_connections: int,
    head_seconds: float = 30,
    interface: Interfaces = Interfaces.ASGI,
) -> Server:
    """Return a server that is not started yet.

    granian takes 128 connections at once if it is not told otherwise, and lets all others wait without a word: a live
    stream, or a proxy that keeps connections open, holds one for good. The limit of open files is raised as far as
    the system lets us.

    A connection is closed when a whole head of a request has not come within `head_seconds` of its beginning or of the
    answer before; an answer may take longer. Only HTTP/1.1: while granian finds out which version is spoken it waits
    for ever, and for a connection of HTTP/2 it has no such limit. Browsers use HTTP/2 with TLS alone, which ends
    before us.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return Server(
        application,
        address=host,
        port=port,
        interface=interface,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=round(head_seconds * 1000)),
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
