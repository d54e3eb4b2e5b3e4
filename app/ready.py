"""An answer in the bytes that are sent, made once for everybody who is given the same."""

import asyncio
import gzip
from dataclasses import dataclass
from typing import Self

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.http_headers import accepts_gzip

WORTH_COMPRESSING, COMPRESSION_LEVEL = 1_000, 5
"""Bytes, and zlib's level: what is ready and what the middleware compresses are compressed alike."""
_MUCH = 128 * 1024
"""Bytes from which compressing would hold up everybody else."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The JSON of an answer, plain and compressed."""

    plain: bytes
    gzipped: bytes | None
    """None where that is not worth it."""

    @classmethod
    async def of(cls, answer: BaseModel) -> Self:
        """Write down an answer just as the framework would write it."""
        plain = answer.model_dump_json(by_alias=True).encode()
        if len(plain) < WORTH_COMPRESSING:
            return cls(plain, None)
        return cls(plain, await asyncio.to_thread(_gzipped, plain) if len(plain) > _MUCH else _gzipped(plain))

    def response(self, request: Request) -> Response:
        """Return what this client takes."""
        if self.gzipped is None or not accepts_gzip(request.headers.get("accept-encoding", "")):
            return Response(self.plain, media_type="application/json")
        headers = {"content-encoding": "gzip", "vary": "Accept-Encoding"}
        return Response(self.gzipped, headers=headers, media_type="application/json")


def _gzipped(plain: bytes) -> bytes:
    return gzip.compress(plain, compresslevel=COMPRESSION_LEVEL, mtime=0)
