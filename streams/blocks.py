"""Which frames of a partition make the next block: pure, so that crashes can be played through in a test.

A block is a run of frames, first to last offset, inserted under one deduplication token. A block that was written
into the ledger and not finished must be formed again from exactly the same frames.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from app.store.ledger import Entry

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Block(Generic[T]):
    """Frames `first_offset` to `last_offset` of a partition; `is_repeated` if the ledger holds it already."""

    first_offset: int
    last_offset: int
    token: str
    frames: tuple[T, ...]
    is_repeated: bool


@dataclass(slots=True)
class PartitionBlocks(Generic[T]):
    """The frames of one partition that wait for their block.

    `entry` is the ledger's newest block; offsets count only if it is of the present `life` of the broker.
    """

    life: str
    entry: Entry
    _waiting: dict[int, tuple[T, int]] = field(default_factory=dict)

    @property
    def _is_same_life(self) -> bool:
        return self.entry.life == self.life

    @property
    def is_broken_off(self) -> bool:
        """The ledger holds an open block that can't be formed again, because the broker's life has ended."""
        return self.entry.is_open and not self._is_same_life

    def offer(self, offset: int, frame: T, events: int) -> bool:
        """Take a frame in; False if it is in ClickHouse already and only needs to be acknowledged."""
        if self._is_same_life:
            stored_up_to = self.entry.first_offset - 1 if self.entry.is_open else self.entry.last_offset
            if offset <= stored_up_to:
                return False
        self._waiting[offset] = (frame, events)
        return True

    def missed(self) -> bool:
        """Whether an open block can't be formed again because Kafka no longer has its first frames."""
        if not (self.entry.is_open and self._is_same_life and self._waiting):
            return False
        return min(self._waiting) > self.entry.first_offset

    def next_block(self, max_events: int) -> Block[T] | None:
        """Return the next block, or None while frames of a repeated one are still to come.

        Raises nothing; call `missed` first. The frames stay until `finish`.
        """
        offsets = sorted(self._waiting)
        if not offsets:
            return None
        if self.entry.is_open:
            if offsets[-1] < self.entry.last_offset:
                return None
            chosen = [o for o in offsets if self.entry.first_offset <= o <= self.entry.last_offset]
            return self._block(chosen, self.entry.token, is_repeated=True)
        chosen = []
        total = 0
        for offset in offsets:
            events = self._waiting[offset][1]
            if chosen and total + events > max_events:
                break
            chosen.append(offset)
            total += events
        token = f"{self.life}:{self.entry.topic}:{self.entry.partition}:{chosen[0]}-{chosen[-1]}"
        return self._block(chosen, token, is_repeated=False)

    def _block(self, offsets: Sequence[int], token: str, *, is_repeated: bool) -> Block[T]:
        frames = tuple(self._waiting[offset][0] for offset in offsets)
        first = self.entry.first_offset if is_repeated else offsets[0]
        last = self.entry.last_offset if is_repeated else offsets[-1]
        return Block(first, last, token, frames, is_repeated)

    def finish(self, block: Block[T], entry: Entry) -> None:
        """Forget the frames of a stored block; `entry` is the ledger's row now."""
        self.entry = entry
        for offset in [o for o in self._waiting if o <= block.last_offset]:
            del self._waiting[offset]
