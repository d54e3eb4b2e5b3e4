"""E-mail addresses as identity keys: one canonical form for one mailbox, for every key that is stored or looked up.

One address comes in many spellings: in either case, composed or decomposed (NFC, NFD: macOS writes the latter), its
domain in letters or in ASCII (`bücher.example`, `xn--bcher-kva.example`: mail servers write the latter).
"""

import unicodedata
from contextlib import suppress

import idna

MOST_CHARACTERS = 320
"""64 before the @, 255 behind it (RFC 5321)."""


def canonical_email(text: str) -> str:
    """Return the form an address is stored and looked up in; text that is no address comes back as its own key.

    Trimmed, composed (NFC), in lower case; the domain in letters, as people read it in their signatures. Never raises;
    making it canonical twice changes nothing more.
    """
    address = _composed(text.strip())
    if address.isascii() and "xn--" not in address:
        return address
    if len(address) > MOST_CHARACTERS:
        return address
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{canonical_domain(domain)}" if at else address


def canonical_domain(text: str) -> str:
    """Return a domain in lower-case letters (U-labels); a label that IDNA 2008 has none for in ASCII (`xn--…`)."""
    domain = _composed(text.strip())
    if (domain.isascii() and "xn--" not in domain) or len(domain) > MOST_CHARACTERS:
        return domain
    with suppress(idna.IDNAError):
        domain = idna.uts46_remap(domain, std3_rules=False)  # width, dots of other scripts, what is ignored
    return ".".join(map(_label, domain.split(".")))


def _label(label: str) -> str:
    try:
        return idna.ulabel(label) if not label.isascii() or label.startswith("xn--") else label
    except (idna.IDNAError, UnicodeError):  # an emoji: registered under some domains, and in no standard
        return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"


def _composed(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
