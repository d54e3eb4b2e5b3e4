"""Give the engine the data of an insert as a file it can read."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def staged(data: bytes | memoryview) -> Iterator[str]:
    """Yield the path of a file with `data`, in memory where the system can do that (Linux).

    A file, because chDB's two other ways lose something: data behind the statement is cut at a semicolon or an empty
    line, whatever its format; `send_insert` keeps silent about errors of views and constraints and stores half.
    """
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("insert")
        try:
            _write(descriptor, data)
            yield f"/proc/self/fd/{descriptor}"
        finally:
            os.close(descriptor)
    else:
        with tempfile.NamedTemporaryFile(prefix="clickhouse-insert-") as file:
            _write(file.fileno(), data)
            yield file.name


def _write(descriptor: int, data: bytes | memoryview) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
