"""This machine's time zone, for the first organisation."""

import os
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

from app.embedded.errors import StartError
from app.tracking.zone_data import zone as zone_of


def local_time_zone() -> str:
    """Return this machine's IANA time zone, `UTC` where it does not say. Raises `StartError` for a TZ that is none."""
    named = os.environ.get("TZ", "").removeprefix(":")
    if named and not named.startswith("/"):
        try:
            return str(zone_of(named))
        except ZoneInfoNotFoundError:
            if "/" in named:  # without one it may be a rule of POSIX, such as `CET-1CEST`
                raise StartError(
                    f"TZ is {named[:80]!r}, which is no time zone; write one like Asia/Riyadh, or leave it out."
                ) from None
    link = Path(named) if named.startswith("/") else Path("/etc/localtime")
    _, found, zone = str(link.resolve()).partition("zoneinfo/")
    return zone if found else "UTC"
