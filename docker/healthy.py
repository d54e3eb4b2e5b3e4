#!/usr/bin/env python3
"""Ask one of our processes whether it is well: `healthy URL` ends with 0 when the answer is 200."""

import http.client
import sys
from urllib.parse import urlsplit


def main() -> int:
    """Return 0 for a 200, else 1; says on standard output what was wrong, which `docker inspect` shows."""
    url = urlsplit(sys.argv[1])
    connection = http.client.HTTPConnection(url.hostname or "127.0.0.1", url.port or 80, timeout=3)
    try:
        connection.request("GET", url.path)
        response = connection.getresponse()
        body = response.read(2000).decode(errors="replace")
    except OSError as error:
        sys.stdout.write(f"no answer: {error}\n")
        return 1
    if response.status != 200:
        sys.stdout.write(f"{response.status}: {body}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
