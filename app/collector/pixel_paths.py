"""Pixel paths as they arrive: what mail programs, gateways and people do to an address on its way.

The usual path is told in `asgi` without this. Seen besides it: another case, a slash too many, an extension lost or
changed, what stood behind the address in a mail (`.gif&cb=1`, a blank, a quote, the `=2E` of quoted-printable).
"""

import re
from typing import NamedTuple

_PREFIX = re.compile(r"/++(?i:api)/++(?i:t)/++(?!(?i:health|ready|readi|live|metrics))")
"""Below it everything is a picture in somebody's mail, but for the names that operators ask for: a probe with a
spelling mistake must not be told that all is well."""
_PIXEL = re.compile(r"([uUpP])/+([A-Za-z0-9_-]{24})(?![A-Za-z0-9_-])")
_TRACKING = {"u": "user", "p": "campaign"}


class Pixel(NamedTuple):
    """A request for a picture. `token` is empty unless its 24 characters are whole and stand where they should."""

    tracking: str
    token: str


def pixel_of(path: str) -> Pixel | None:
    """Return the pixel a path asks for, None for a path that is none. Linear in the path."""
    below = _PREFIX.match(path)
    if below is None:
        return None
    found = _PIXEL.match(path, below.end())
    return Pixel(_TRACKING[found[1].lower()], found[2]) if found else Pixel("", "")
