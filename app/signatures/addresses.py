"""Addresses of links and images: which may stand in a signature."""

import re
from typing import Literal

from app.signatures.allowed import IMAGE_TYPES

MOST_DATA_CHARACTERS = 32 * 1024
"""Largest image written into the HTML itself, as base64: about 24 kB."""

Why = Literal["not_allowed", "unsafe_address", "too_large", "tracker"]

_PLACEHOLDER = re.compile(r"\{\{[^{}<>]*\}\}")
_IGNORED_BY_BROWSERS = re.compile(r"[\t\n\r]")
_WEB = re.compile(r"https?://[\w.-]+(:\d{1,5})?([/?#][^\s<>\"\\^`]*)?", re.IGNORECASE)
_MAIL_OR_PHONE = re.compile(r"(mailto|tel):[^\s<>\"\\^`]*", re.IGNORECASE)
_CID = re.compile(r"cid:[\w.@%+{}-]{1,200}", re.IGNORECASE)
_DATA = re.compile(rf"data:image/({'|'.join(sorted(IMAGE_TYPES))});base64,[A-Za-z0-9+/]*=*", re.IGNORECASE)
_OUR_PIXEL = re.compile(r"https?:/[^/]+(/.*)?/api/t/[a-z]/", re.IGNORECASE)
_SLASHES = re.compile(r"//+")
"""The collector takes several for one."""


def clean_link(href: str) -> tuple[str | None, Why]:
    """Return the address of a link, or None and why not. http, https, mailto and tel; placeholders after the host."""
    address = _IGNORED_BY_BROWSERS.sub("", href).strip()
    plain = _without_placeholders(address)
    if plain is None or not (_WEB.fullmatch(plain) or _MAIL_OR_PHONE.fullmatch(plain)):
        return None, "unsafe_address"
    return address, "not_allowed"


def clean_image(src: str) -> tuple[str | None, Why]:
    """Return the address of an image, or None and why not. http, https, cid, and small bitmaps as data."""
    address = _IGNORED_BY_BROWSERS.sub("", src).strip()
    if address[:5].lower() == "data:":
        if len(address) > MOST_DATA_CHARACTERS:
            return None, "too_large"
        return (address, "not_allowed") if _DATA.fullmatch(address) else (None, "unsafe_address")
    plain = _without_placeholders(address)
    if plain is None or not (_WEB.fullmatch(plain) or _CID.fullmatch(plain)):
        return None, "unsafe_address"
    if _OUR_PIXEL.match(_SLASHES.sub("/", plain)):
        return None, "tracker"
    return address, "not_allowed"


def _without_placeholders(address: str) -> str | None:
    """Return the address with `x` for each placeholder; None if one could change where it leads."""
    first = _PLACEHOLDER.search(address)
    if first is not None and not re.match(
        r"(https?://[^/?#{}]+[/?#]|mailto:|tel:|cid:)", address[: first.start()], re.I
    ):
        return None
    plain = _PLACEHOLDER.sub("x", address)
    return None if "{" in plain or "}" in plain else plain
