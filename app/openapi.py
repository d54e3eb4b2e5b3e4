"""`python -m app.openapi > file`: the API's description, from which the interface's types are generated."""

import sys

import orjson

from app.main import create_app
from app.settings import Settings


def main() -> None:
    """Write the description as JSON, sorted, so that a change shows as a small difference."""
    description = create_app(Settings()).openapi()
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    sys.stdout.buffer.write(orjson.dumps(description, option=options))


if __name__ == "__main__":
    main()
