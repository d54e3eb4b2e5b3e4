"""Reading queries from a terminal: a query may span lines and ends with a semicolon."""

import sys
from collections.abc import Iterator
from contextlib import suppress

with suppress(ImportError):  # gives input() its history and editing; Windows has none
    import readline  # noqa: F401


def queries_from_terminal() -> Iterator[str]:
    """Yield query after query, until `exit`, `quit` or end of input; Ctrl-C forgets what was typed so far."""
    typed: list[str] = []
    while True:
        try:
            line = input("sql> " if not typed else "...> ")
        except EOFError:
            return
        except KeyboardInterrupt:
            sys.stdout.write("\n")
            typed = []
            continue
        if not typed and line.strip().rstrip(";").lower() in ("exit", "quit"):
            return
        if line.strip() or typed:
            typed.append(line)
        if line.rstrip().endswith(";"):
            yield "\n".join(typed)
            typed = []
