"""Request headers that hold lists: read by Werkzeug, which knows weights, quotes and weak tags (RFC 9110)."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from werkzeug.http import parse_accept_header, parse_etags, parse_options_header, unquote_etag

MOST_CHARACTERS = 8_192
"""A longer header is read as if it were not there: no client needs one, and every reader has its worst shape."""


def best_media_type(accept: Iterable[str], offered: Sequence[str]) -> str:
    """Return which of the offered types a client wants most; the first of those it wants equally, or not at all.

    A type named whole goes before `text/*` of the same weight, and that before `*/*`. Parameters other than `q` say how
    a type is written (`text/plain;format=flowed`), not which one is wanted.
    """
    ranges = [
        (parse_options_header(item)[0].lower(), quality) for item, quality in parse_accept_header(_joined(accept))
    ]

    def wish(kind: str) -> tuple[float, int]:
        patterns = (kind, f"{kind.partition('/')[0]}/*", "*/*")
        for rank, pattern in enumerate(patterns):
            if found := [quality for item, quality in ranges if item == pattern]:
                return max(found), -rank
        return 0.0, -len(patterns)

    return max(offered, key=wish)


@lru_cache(maxsize=256)
def accepts_gzip(accept_encoding: str) -> bool:
    """Tell whether a client takes gzip: by its name or by `*`, and not with the weight 0."""
    weights = {coding.lower(): quality for coding, quality in parse_accept_header(_joined([accept_encoding]))}
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def is_known(if_none_match: Iterable[str], etag: str) -> bool:
    """Tell whether a client has what this tag names, weak or not, or asks for whatever is new (`*`)."""
    return parse_etags(_joined(if_none_match)).contains_weak(unquote_etag(etag)[0] or "")


def media_type(content_type: str) -> tuple[str, str | None]:
    """Return the type of a body in lower case, and its `charset` if it names one."""
    kind, options = parse_options_header(_joined([content_type]))
    return kind.strip().lower(), options.get("charset")


def _joined(lines: Iterable[str]) -> str:
    text = ",".join(lines)
    return text if len(text) <= MOST_CHARACTERS else ""
