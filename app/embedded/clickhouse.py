"""The embedded ClickHouse: `python -m app.embedded.clickhouse --data DIR --port N`.

The password comes from the environment variable EMBEDDED_CLICKHOUSE_PASSWORD, the user is `default`.
"""

import argparse
import os
import sys
from pathlib import Path

from app.embedded.errors import StartError


def main() -> None:
    """Serve until SIGTERM or SIGINT; exit with 1 and one sentence if that is not possible."""
    parser = argparse.ArgumentParser(prog="app.embedded.clickhouse", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="directory of the data; one process owns it")
    parser.add_argument("--port", type=int, required=True, help="port of the HTTP interface")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
    arguments = parser.parse_args()
    password = os.environ.pop("EMBEDDED_CLICKHOUSE_PASSWORD", "")
    try:
        if not password:
            raise StartError("Set EMBEDDED_CLICKHOUSE_PASSWORD: the embedded ClickHouse never runs without a password.")
        from app.embedded.clickhouse_server.server import run  # noqa: PLC0415 - the sentence above needs no engine

        run(directory=arguments.data.resolve(), host=arguments.host, port=arguments.port, password=password)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
