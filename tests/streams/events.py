"""Events and frames for tests."""

import time
from datetime import UTC, datetime
from uuid import UUID, uuid4

import orjson

from app.collector.hit import IdMaker
from schemas.frame import OURSELVES, Frame, Origin, decode, encode

ORGANISATION, USER = UUID(int=1), UUID(int=2)
NOW_MS = int(time.time() * 1000)
NOW = datetime.fromtimestamp(NOW_MS / 1000, UTC)
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


def reclassified_line(**more: object) -> bytes:
    """Return a `VisitorReclassified` as the worker's timer writes it."""
    body = {
        "type": "visitor_reclassified",
        "id": uuid4(),
        "at": NOW_MS,
        "organisationId": ORGANISATION,
        "openDate": NOW.date(),
        "visitor": uuid4().hex,
        "openClass": "scanner",
        "confidence": 0.75,
        "reasons": ["behaviour_many_tokens"],
        "rule": "many_tokens",
        "ruleset": 1,
        "tokens": 30,
        "opens": 31,
        "decidedAt": NOW_MS,
    }
    return orjson.dumps(body | more, option=orjson.OPT_APPEND_NEWLINE)


def ours(*lines: bytes) -> Frame:
    """Return a frame that the stream made itself."""
    return decode(encode(Origin(OURSELVES, 0, 0, 0), len(lines), b"".join(lines)))


def frame_of(*lines: bytes, start: int = 0, source: str = "c1") -> Frame:
    """Return a frame of these lines."""
    payload = b"".join(lines)
    return decode(encode(Origin(source, 1, start, start + len(payload)), len(lines), payload))
