"""Blocks under crashes: whatever dies when, every frame is stored exactly once.

The model plays a partition with a worker that may crash before the insert, in the middle of it (stored, answer
lost), or after it; Kafka gives again whatever was not acknowledged, in any cuts.
"""

from dataclasses import dataclass, field, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.ledger import Entry
from streams.blocks import PartitionBlocks

LIFE = "life-1"


@dataclass
class FakeClickHouse:
    """Remembers blocks by token, like a deduplication window."""

    blocks: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def insert(self, token: str, frames: tuple[int, ...]) -> None:
        if token in self.blocks:
            assert self.blocks[token] == frames, "a repeated block must hold exactly the same frames"
        self.blocks.setdefault(token, frames)


@settings(max_examples=300)
@given(st.integers(1, 40), st.data())
def test_every_frame_is_stored_exactly_once_whatever_crashes(frames: int, data: st.DataObject) -> None:
    clickhouse = FakeClickHouse()
    ledger = Entry("events.clean", 0, epoch=0)
    committed = 0
    for _ in range(200):
        if committed == frames:
            break
        ledger = replace(ledger, epoch=ledger.epoch + 1)
        worker: PartitionBlocks[int] = PartitionBlocks(LIFE, ledger)
        acknowledged = set(range(committed))
        at = committed
        crashed = False
        while at < frames and not crashed:
            take = data.draw(st.integers(1, 10))
            for offset in range(at, min(at + take, frames)):
                if not worker.offer(offset, offset, events=1):
                    acknowledged.add(offset)
            at = min(at + take, frames)
            assert not worker.missed()
            while not crashed and (block := worker.next_block(data.draw(st.integers(1, 12)))) is not None:
                if not block.is_repeated:
                    ledger = replace(
                        worker.entry,
                        life=LIFE,
                        first_offset=block.first_offset,
                        last_offset=block.last_offset,
                        token=block.token,
                        is_open=True,
                    )
                fate = data.draw(st.sampled_from(["ok", "ok", "ok", "before", "answer lost", "before ack"]))
                if fate == "before":
                    crashed = True
                    break
                clickhouse.insert(block.token, block.frames)
                if fate == "answer lost":
                    crashed = True
                    break
                ledger = replace(ledger, is_open=False)
                worker.finish(block, ledger)
                if fate == "before ack":
                    crashed = True
                    break
                acknowledged |= set(range(block.first_offset, block.last_offset + 1))
        while committed in acknowledged:  # Kafka commits up to the first record not acknowledged
            committed += 1
    stored = [frame for block in clickhouse.blocks.values() for frame in block]
    assert sorted(stored) == list(range(max(stored, default=-1) + 1))
    assert len(stored) == len(set(stored))
    assert len(stored) >= committed


def test_a_repeated_block_waits_for_its_last_frame() -> None:
    entry = Entry("t", 0, 1, LIFE, 5, 7, "token", is_open=True)
    blocks: PartitionBlocks[str] = PartitionBlocks(LIFE, entry)
    assert not blocks.offer(4, "old", 1)
    assert blocks.offer(5, "a", 1)
    assert blocks.offer(6, "b", 1)
    assert blocks.next_block(100) is None
    assert blocks.offer(7, "c", 1)
    assert blocks.offer(8, "d", 1)
    block = blocks.next_block(1)
    assert block is not None
    assert (block.frames, block.token, block.is_repeated) == (("a", "b", "c"), "token", True)
    blocks.finish(block, replace(entry, is_open=False))
    following = blocks.next_block(100)
    assert following is not None
    assert following.frames == ("d",)


def test_a_block_of_an_ended_life_is_broken_off_and_its_offsets_mean_nothing() -> None:
    blocks: PartitionBlocks[str] = PartitionBlocks(LIFE, Entry("t", 0, 1, "life-0", 5, 700, "token", is_open=True))
    assert blocks.is_broken_off
    assert blocks.offer(0, "a", 1)


def test_an_open_block_whose_frames_kafka_has_deleted_is_noticed() -> None:
    blocks: PartitionBlocks[str] = PartitionBlocks(LIFE, Entry("t", 0, 1, LIFE, 5, 7, "token", is_open=True))
    blocks.offer(6, "b", 1)
    assert blocks.missed()


def test_a_block_has_at_least_one_frame_and_no_more_events_than_allowed() -> None:
    blocks: PartitionBlocks[str] = PartitionBlocks(LIFE, Entry("t", 0, 1))
    for offset, events in enumerate([300, 300, 300]):
        blocks.offer(offset, str(offset), events)
    first = blocks.next_block(500)
    assert first is not None
    assert first.frames == ("0",)
    everything = blocks.next_block(900)
    assert everything is not None
    assert everything.frames == ("0", "1", "2")
