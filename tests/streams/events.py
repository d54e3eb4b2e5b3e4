"""Events and frames for tests."""

import time
from uuid import UUID, uuid4

import orjson

from app.collector.hit import IdMaker
from schemas.frame import Frame, Origin, decode, encode

ORGANISATION, USER = UUID(int=1), UUID(int=2)
NOW_MS = int(time.time() * 1000)
_ids = IdMaker()


def raw_line(*, token: str = "t" * 24, tracking: str = "user", **more: object) -> bytes:
    """Return a `PixelRequested` as the collector writes it."""
    body = {
        "type": "pixel_requested",
        "id": _ids.make(NOW_MS),
        "at": NOW_MS,
        "tracking": tracking,
        "token": token,
        "visitor": uuid4().hex,
        "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "method": "GET",
        "purpose": "",
        "networks": [],
        "country": "SA",
    }
    return orjson.dumps(body | more, option=orjson.OPT_APPEND_NEWLINE)


def clean_line(**more: object) -> bytes:
    """Return a `SignatureOpened` as enrichment writes it."""
    body = {
        "type": "signature_opened",
        "id": _ids.make(NOW_MS),
        "at": NOW_MS,
        "organisationId": ORGANISATION,
        "userId": USER,
        "tracking": "user",
        "campaignId": None,
        "token": "t" * 24,
        "visitor": uuid4().hex,
        "userAgent": "UA",
        "method": "GET",
        "purpose": "",
        "networks": ["office"],
        "country": "SA",
        "openClass": "human",
        "confidence": 0.9,
        "reasons": ["browser"],
        "device": "desktop",
        "ruleset": 1,
        "isRateLimited": False,
    }
    return orjson.dumps(body | more, option=orjson.OPT_APPEND_NEWLINE)


def dropped_line(**more: object) -> bytes:
    """Return an `EventDropped` as enrichment writes it."""
    body = {
        "type": "event_dropped",
        "id": _ids.make(NOW_MS),
        "at": NOW_MS,
        "organisationId": None,
        "tracking": "user",
        "reason": "unknown_token",
    }
    return orjson.dumps(body | more, option=orjson.OPT_APPEND_NEWLINE)


def frame_of(*lines: bytes, start: int = 0, source: str = "c1") -> Frame:
    """Return a frame of these lines."""
    payload = b"".join(lines)
    return decode(encode(Origin(source, 1, start, start + len(payload)), len(lines), payload))
