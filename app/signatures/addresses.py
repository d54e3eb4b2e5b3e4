"""Addresses of links and images: which may stand in a signature, and how they are written."""

import re
import unicodedata
from collections.abc import Callable
from typing import Literal
from urllib.parse import quote

from app.signatures.allowed import IMAGE_TYPES

MOST_DATA_CHARACTERS = 32 * 1024
"""Largest image written into the HTML itself, as base64: about 24 kB."""

Why = Literal["not_allowed", "unsafe_address", "too_large", "tracker"]

_PLACEHOLDER = re.compile(r"\{\{[^{}<>]*\}\}")
_IGNORED_BY_BROWSERS = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]{0,20})\s*:\s*")
_AUTHORITY = re.compile(r"//[^/?#\\\s{}]+(?=[/?#\\\s]|\Z)")
_SPACE = re.compile(r"\s+")
_AROUND_COMMAS = re.compile(r"(?<!\s)\s*+,\s*+")
_NOT_IN_ADDRESSES = re.compile(r"[\s<>\"^`|\x00-\x1f\x7f-\x9f]")
_WEB = re.compile(r"https?://[\w.-]+(:\d{1,5})?([/?#][^\s<>\"\\^`]*)?", re.IGNORECASE)
_MAIL_OR_PHONE = re.compile(r"(mailto|tel):[^\s<>\"\\^`]*", re.IGNORECASE)
_CID = re.compile(r"cid:[\w.@%+{}-]{1,200}", re.IGNORECASE)
_NOT_IN_CID = re.compile(r"[^\w.@%+-]")
_DATA = re.compile(rf"data:image/({'|'.join(sorted(IMAGE_TYPES))});base64,[A-Za-z0-9+/]*=*", re.IGNORECASE)
_OUR_PIXEL = re.compile(r"https?:/[^/]+(/.*)?/api/t/[a-z]/", re.IGNORECASE)
_SLASHES = re.compile(r"//+")
"""The collector takes several for one."""
_BEFORE_PLACEHOLDERS = re.compile(r"(https?://[^/?#{}]+[/?#]|mailto:|tel:|cid:)", re.IGNORECASE)


def clean_link(href: str) -> tuple[str | None, Why]:
    """Return the address of a link as it should be written, or None and why not.

    http, https, mailto and tel; placeholders after the host. What people type into an address (blanks, quotes, letters
    of other scripts as digits) is written as RFC 3986, 3966 and 6068 have it; doing it again changes nothing.
    """
    address = _normal(href)
    plain = _without_placeholders(address)
    if plain is None or not (_WEB.fullmatch(plain) or _MAIL_OR_PHONE.fullmatch(plain)):
        return None, "unsafe_address"
    return address, "not_allowed"


def clean_image(src: str) -> tuple[str | None, Why]:
    """Return the address of an image, or None and why not. http, https, cid, and small bitmaps as data."""
    address = _normal(src)
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


def _normal(text: str) -> str:
    """Return an address as it should be written. Whether it is safe is for others to say."""
    text = _IGNORED_BY_BROWSERS.sub("", text).strip()
    found = _SCHEME.match(text)
    if found is None:
        return text
    scheme, rest = found[1], text[found.end() :]
    match scheme.lower():
        case "tel":
            rest = _outside_placeholders(rest, _phone)
        case "mailto":
            to, question, more = _split(rest, "?")
            to = _outside_placeholders(_AROUND_COMMAS.sub(",", to), _encoded)
            rest = to + question + _outside_placeholders(more, _encoded)
        case "cid":
            rest = _outside_placeholders(rest, lambda part: _NOT_IN_CID.sub(_percent, part))
        case "data":
            rest = _SPACE.sub("", rest)
        case "http" | "https":
            authority = _AUTHORITY.match(rest)
            if authority is None:
                return text
            path, question, more = _split(rest[authority.end() :], "?")
            path = _outside_placeholders(path, lambda part: _encoded(part.replace("\\", "/")))  # as browsers read it
            rest = authority[0] + path + question + _outside_placeholders(more, _encoded)
        case _:
            return text
    return f"{scheme}:{rest}"


def _phone(part: str) -> str:
    """Leave out blanks, and write digits of other scripts as those of ASCII."""
    return "".join(
        str(unicodedata.digit(letter)) if unicodedata.category(letter) == "Nd" else letter
        for letter in _encoded(_SPACE.sub("", part))
    )


def _encoded(part: str) -> str:
    return _NOT_IN_ADDRESSES.sub(_percent, part).replace("\\", "%5C")


def _percent(found: re.Match[str]) -> str:
    return quote(found[0], safe="", errors="replace")


def _outside_placeholders(text: str, write: Callable[[str], str]) -> str:
    """Return the text with all but its placeholders written anew: what they stand for is encoded when filled in."""
    written, at = [], 0
    for placeholder in _PLACEHOLDER.finditer(text):
        written += [write(text[at : placeholder.start()]), placeholder[0]]
        at = placeholder.end()
    return "".join([*written, write(text[at:])])


def _split(text: str, mark: str) -> tuple[str, str, str]:
    """Return what stands before the first mark outside of placeholders, the mark, and what stands behind it."""
    at = 0
    for placeholder in _PLACEHOLDER.finditer(text):
        if (found := text.find(mark, at, placeholder.start())) != -1:
            return text[:found], mark, text[found + 1 :]
        at = placeholder.end()
    found = text.find(mark, at)
    return (text, "", "") if found == -1 else (text[:found], mark, text[found + 1 :])


def _without_placeholders(address: str) -> str | None:
    """Return the address with `x` for each placeholder; None if one could change where it leads."""
    first = _PLACEHOLDER.search(address)
    if first is not None and not _BEFORE_PLACEHOLDERS.match(address[: first.start()]):
        return None
    plain = _PLACEHOLDER.sub("x", address)
    return None if "{" in plain or "}" in plain else plain
