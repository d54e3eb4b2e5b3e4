"""Clean events become the columns of one block, each id once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from schemas.events import CLEAN_EVENTS, EventDropped, SignatureOpened
from schemas.frame import Frame


@dataclass(frozen=True, slots=True)
class Rows:
    """The events of a block that are to be stored."""

    opened: Sequence[SignatureOpened]
    dropped: Sequence[EventDropped]

    @classmethod
    def of(cls, frames: Iterable[Frame]) -> "Rows":
        """Read clean frames; an id that occurs twice counts once (a frame that was sent again).

        Raises `pydantic.ValidationError`: clean frames are written by ourselves, so that is a defect.
        """
        seen: set[UUID] = set()
        opened: list[SignatureOpened] = []
        dropped: list[EventDropped] = []
        for frame in frames:
            for event in CLEAN_EVENTS.validate_json(frame.json_array()):
                if event.id in seen:
                    continue
                seen.add(event.id)
                if isinstance(event, SignatureOpened):
                    opened.append(event)
                else:
                    dropped.append(event)
        return cls(opened, dropped)

    def ids(self) -> list[UUID]:
        """Return every id of the block."""
        return [event.id for event in self.opened] + [event.id for event in self.dropped]

    def without(self, known: set[UUID]) -> "Rows":
        """Return the rows whose ids are not known yet."""
        if not known:
            return self
        return Rows(
            [event for event in self.opened if event.id not in known],
            [event for event in self.dropped if event.id not in known],
        )

    def event_columns(self, block: str) -> Mapping[str, Sequence[Any]]:
        """Return the columns of table `events`; `at` in milliseconds."""
        rows = self.opened
        return {
            "id": [e.id for e in rows],
            "type": [e.type for e in rows],
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
