"""Time zone data: the rules by which every process reckons days, from the newer of two sources.

The wheel `tzdata` is pinned with the product, the system's files are renewed with the system. Zones come from here
alone: Python's own look-up takes the system's files whatever their age.
"""

import re
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tzdata

_VERSION = re.compile(r"(\d{4})([a-z]{1,2})")
_NO_PLACES = {"localtime", "Factory"}


@dataclass(frozen=True, slots=True)
class ZoneData:
    """Compiled zones of one source, and their IANA version like `2026f`; None if the source does not say."""

    source: Literal["wheel", "system"]
    version: str | None
    folder: Traversable

    def __str__(self) -> str:
        return f"{self.source} {self.version or 'of unknown version'}"

    def read(self, name: str) -> ZoneInfo:
        """Read a zone. Raises `ZoneInfoNotFoundError` if this source has none of that name."""
        try:
            if name.startswith("/") or ".." in name.split("/"):
                raise ValueError(name)
            with self.folder.joinpath(*name.split("/")).open("rb") as file:
                return ZoneInfo.from_file(file, key=name)
        except (OSError, ValueError) as error:
            raise ZoneInfoNotFoundError(f"No time zone found with key {name} in {self}") from error


@cache
def sources() -> Sequence[ZoneData]:
    """Return the sources there are, the one in use first."""
    wheel = ZoneData("wheel", tzdata.IANA_VERSION, files("tzdata").joinpath("zoneinfo"))
    folder = next((path for path in map(Path, zoneinfo.TZPATH) if (path / "UTC").is_file()), None)
    return [wheel] if folder is None else newest_first(wheel, ZoneData("system", version_of(folder), folder))


def newest_first(wheel: ZoneData, system: ZoneData) -> Sequence[ZoneData]:
    """Return both, the newer one first; the wheel if they are as old, or nobody knows how old the system's is."""
    return [system, wheel] if _age(system.version) > _age(wheel.version) else [wheel, system]


def version_of(folder: Path) -> str | None:
    """Return the IANA version of a system's folder: first line of `tzdata.zi`, or `+VERSION` as macOS has it."""
    for name in ("tzdata.zi", "+VERSION"):
        try:
            with (folder / name).open(encoding="utf-8", errors="replace") as file:
                found = _VERSION.search(file.readline())
        except OSError:
            continue
        if found is not None:
            return found.group()
    return None


@cache
def zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name, by the data in use; by the other source where only that one has it.

    Raises `ZoneInfoNotFoundError` if none has.
    """
    in_use, *others = sources()
    try:
        return in_use.read(name)
    except ZoneInfoNotFoundError:
        if not others:
            raise
    return others[0].read(name)


@cache
def zone_names() -> frozenset[str]:
    """Return every IANA name that some source has."""
    return frozenset(zoneinfo.available_timezones() - _NO_PLACES)


def _age(version: str | None) -> tuple[int, int, str]:
    """Return what orders versions: 2026f before 2026aa, and an unknown one before all."""
    found = _VERSION.fullmatch(version or "")
    return (0, 0, "") if found is None else (int(found[1]), len(found[2]), found[2])
