"""Receipts: which bytes of which spool segment the store has made durable."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Bytes `start` to `end` (exclusive) of `segment`."""

    segment: int
    start: int
    end: int


def encode(ranges: Iterable[Range]) -> bytes:
    """Write ranges as `segment:start-end`, comma separated."""
    return ",".join(f"{r.segment}:{r.start}-{r.end}" for r in ranges).encode()


def decode(value: bytes) -> list[Range]:
    """Read what `encode` wrote. Raises `ValueError` on anything else."""
    ranges = []
    for part in filter(None, value.decode().split(",")):
        segment, _, span = part.partition(":")
        start, _, end = span.partition("-")
        ranges.append(Range(int(segment), int(start), int(end)))
    return ranges


def merge(ranges: Iterable[Range]) -> list[Range]:
    """Join ranges that touch, so that a receipt stays short."""
    merged: list[Range] = []
    for item in sorted(ranges):
        last = merged[-1] if merged else None
        if last is not None and last.segment == item.segment and item.start <= last.end:
            merged[-1] = Range(last.segment, last.start, max(last.end, item.end))
        else:
            merged.append(item)
    return merged
