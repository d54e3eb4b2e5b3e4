"""Hits become lines of a spool, as the collector writes them."""

import hmac
import secrets
import time
from collections.abc import Iterator, Sequence

import orjson

from app.collector.hit import IdMaker
from app.demo.opens import Hit

_DAY_MS = 86_400_000


def spool_lines(hits: Sequence[Hit]) -> Iterator[bytes]:
    """Yield one `PixelRequested` line for each hit, with a fresh id.

    Visitors are hashed under a random salt for each UTC day, which nobody keeps: as irreversible as real ones are.
    Two calls give different ids and visitors.
    """
    ids, salts = IdMaker(), dict[int, bytes]()
    for hit in hits:
        salt = salts.setdefault(hit.at // _DAY_MS, secrets.token_bytes(32))
        reader = hit.reader
        visitor = hmac.digest(salt, f"{reader.address}\0{reader.agent}".encode(), "sha256")[:16].hex()
        yield orjson.dumps(
            {
                "type": "pixel_requested",
                "id": ids.make(time.time_ns() // 1_000_000),
                "at": hit.at,
                "tracking": hit.tracking,
                "token": hit.token,
                "visitor": visitor,
                "userAgent": reader.agent,
                "method": "GET",
                "purpose": "",
                "networks": hit.networks,
                "country": "US" if hit.networks else reader.country,
            },
            option=orjson.OPT_APPEND_NEWLINE,
        )
