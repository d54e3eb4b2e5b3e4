"""Web origins that may use a key from a browser: how they are written, and which request comes from one."""

from urllib.parse import urlsplit

from app.errors import BadInputError

MOST_ORIGINS = 20
_DEFAULT_PORTS = {"http": 80, "https": 443}


def checked_origins(texts: list[str]) -> list[str]:
    """Return origins as browsers send them (`https://intranet.example`), sorted, without repetition.

    Raises `BadInputError` naming `allowedOrigins` for what is none: a path, a wildcard, `null`.
    """
    if len(texts) > MOST_ORIGINS:
        raise BadInputError(f"allowedOrigins: {MOST_ORIGINS} at most; make another key.", field="allowedOrigins")
    return sorted({_checked(text.strip()) for text in texts})


def origin_of(url: str) -> str:
    """Return the origin of an absolute URL. Raises `ValueError` if it has none."""
    parts = urlsplit(url)
    port, host = parts.port, (parts.hostname or "").encode("idna").decode()
    if parts.scheme not in _DEFAULT_PORTS or not host or "*" in host:
        raise ValueError(url)
    if ":" in host:
        host = f"[{host}]"
    is_default = port is None or port == _DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if is_default else f":{port}")


def _checked(text: str) -> str:
    parts = urlsplit(text)
    has_more = parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc
    try:
        if has_more or any(character.isspace() for character in text):
            raise ValueError(text)
        return origin_of(text)
    except ValueError as error:
        raise BadInputError(
            f"allowedOrigins: {text[:100]!r} is no origin; write scheme and host only, like https://intranet.example.",
            field="allowedOrigins",
        ) from error
