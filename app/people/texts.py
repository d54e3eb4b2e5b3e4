"""Cleaning what people type or paste: names, addresses, time zones. Pure; raises `ValueError` that says what to do."""

import re
import unicodedata
from functools import cache

from app.identity.email_addresses import MOST_CHARACTERS
from app.people.windows_zones import ZONES
from app.tracking.zone_data import zone_names

_ADDRESS = re.compile(r"[^@\s,;:<>\"()\[\]\\]+@[^@\s,;:<>\"()\[\]\\.]+(\.[^@\s,;:<>\"()\[\]\\.]+)+")
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u2060"), None)
_UNPRINTABLE = frozenset({"Cc", "Cs"})
BROKEN = "\ufffd"
"""Stands where bytes could not be read."""


def clean_text(text: str) -> str:
    """Return one line without surrounding or repeated white space, in Unicode's composed form.

    Raises `ValueError` for control characters, halves of letters, and what could not be read.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    line = " ".join(unicodedata.normalize("NFC", text).translate(_INVISIBLE).split())
    if BROKEN in line:
        raise ValueError("has a character that could not be read; save the file as UTF-8")
    if any(unicodedata.category(character) in _UNPRINTABLE for character in line):
        raise ValueError("has a control character; remove it")
    return line


def is_address(text: str) -> bool:
    """Tell whether this is one e-mail address, without a name around it."""
    address = text.strip()
    return len(address) <= MOST_CHARACTERS and _ADDRESS.fullmatch(address) is not None and address.isprintable()


def clean_zone(name: str) -> str:
    """Return the IANA name as it is spelt, of a Windows zone (`W. Europe Standard Time`) the IANA zone it stands for.

    Raises `ValueError`, with a likely one if there is one.
    """
    wanted = "_".join(name.split())
    found = _zones().get(wanted.lower())
    if found is not None:
        return found
    city = wanted.lower().rsplit("/", 1)[-1]
    likely = next((zone for zone in sorted(_zones().values()) if zone.lower().rsplit("/", 1)[-1] == city), None)
    hint = f"did you mean {likely}?" if likely else "use an IANA name such as Asia/Riyadh"
    raise ValueError(f"{name.strip()!r} is not a time zone; {hint}")


def folded(text: str) -> str:
    """Return what two spellings of one thing have in common: without case, extra spaces, width of characters."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _zones() -> dict[str, str]:
    windows = {name.lower().replace(" ", "_"): zone for name, zone in ZONES.items()}
    return windows | {name.lower(): name for name in zone_names()}
