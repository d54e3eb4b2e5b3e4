"""Clean events become the columns of one block, each id once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.events import CLEAN_EVENT, EventDropped, SignatureOpened, VisitorReclassified
from schemas.frame import Frame


@dataclass(frozen=True, slots=True)
class Rows:
    """The events of a block that are to be stored."""

    opened: Sequence[SignatureOpened]
    dropped: Sequence[EventDropped]
    reclassified: Sequence[VisitorReclassified] = ()

    @classmethod
    def of(cls, frames: Iterable[Frame]) -> "Rows":
        """Read clean frames; an id that occurs twice counts once (a frame that was sent again).

        Raises `msgspec.DecodeError`: clean frames are written by ourselves, so that is a defect.
        """
        seen: set[str] = set()
        opened: list[SignatureOpened] = []
        dropped: list[EventDropped] = []
        reclassified: list[VisitorReclassified] = []
        for frame in frames:
            for event in CLEAN_EVENT.decode_lines(frame.payload):
                if event.id in seen:
                    continue
                seen.add(event.id)
                if isinstance(event, SignatureOpened):
                    opened.append(event)
                elif isinstance(event, EventDropped):
                    dropped.append(event)
                else:
                    reclassified.append(event)
        return cls(opened, dropped, reclassified)

    def __len__(self) -> int:
        return len(self.opened) + len(self.dropped) + len(self.reclassified)

    def ids(self) -> list[str]:
        """Return every id of the block."""
        return [event.id for rows in (self.opened, self.dropped, self.reclassified) for event in rows]

    def without(self, known: set[str]) -> "Rows":
        """Return the rows whose ids are not known yet."""
        if not known:
            return self
        return Rows(
            [event for event in self.opened if event.id not in known],
            [event for event in self.dropped if event.id not in known],
            [event for event in self.reclassified if event.id not in known],
        )

    def hours_before(self, before_ms: int) -> set[int]:
        """Return the UTC hours (whole hours since epoch) of opens that happened before a moment."""
        # the first look is for the usual case, in which nothing is late: it makes no list of 20,000 hours
        if min((event.at for event in self.opened), default=before_ms) >= before_ms:
            return set()
        return {event.at // 3_600_000 for event in self.opened if event.at < before_ms}

    def event_columns(self, block: str) -> Mapping[str, Sequence[Any]]:
        """Return the columns of table `events`; `at` in milliseconds."""
        rows = self.opened
        return {
            "id": [e.id for e in rows],
            "type": ["signature_opened"] * len(rows),
            "at": [e.at for e in rows],
            "organisation_id": [e.organisation_id for e in rows],
            "user_id": [e.user_id for e in rows],
            "tracking": [e.tracking for e in rows],
            "campaign_id": [e.campaign_id for e in rows],
            "token": [e.token for e in rows],
            "visitor": [bytes.fromhex(e.visitor) for e in rows],
            "user_agent": [e.user_agent for e in rows],
            "method": [e.method for e in rows],
            "purpose": [e.purpose for e in rows],
            "networks": [list(e.networks) for e in rows],
            "country": [e.country for e in rows],
            "open_class": [e.open_class for e in rows],
            "confidence": [e.confidence for e in rows],
            "reasons": [list(e.reasons) for e in rows],
            "device": [e.device for e in rows],
            "ruleset": [e.ruleset for e in rows],
            "is_over_limit": [e.is_over_limit for e in rows],
            "is_rate_limited": [e.is_rate_limited for e in rows],
            "block": [block] * len(rows),
        }

    def drop_columns(self, block: str) -> Mapping[str, Sequence[Any]]:
        """Return the columns of table `drops`; `at` in milliseconds."""
        rows = self.dropped
        return {
            "id": [e.id for e in rows],
            "at": [e.at for e in rows],
            "organisation_id": [e.organisation_id for e in rows],
            "user_id": [e.user_id for e in rows],
            "campaign_id": [e.campaign_id for e in rows],
            "tracking": [e.tracking for e in rows],
            "reason": [e.reason for e in rows],
            "block": [block] * len(rows),
        }

    def reclassification_columns(self, block: str) -> Mapping[str, Sequence[Any]]:
        """Return the columns of table `reclassifications`; times in milliseconds."""
        rows = self.reclassified
        return {
            "id": [e.id for e in rows],
            "at": [e.at for e in rows],
            "organisation_id": [e.organisation_id for e in rows],
            "open_date": [e.open_date for e in rows],
            "visitor": [bytes.fromhex(e.visitor) for e in rows],
            "open_class": [e.open_class for e in rows],
            "confidence": [e.confidence for e in rows],
            "reasons": [list(e.reasons) for e in rows],
            "rule": [e.rule for e in rows],
            "ruleset": [e.ruleset for e in rows],
            "tokens": [e.tokens for e in rows],
            "opens": [e.opens for e in rows],
            "decided_at": [e.decided_at for e in rows],
            "block": [block] * len(rows),
        }
