"""The partitions a worker owns: each is claimed once for each assignment of the group."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from app.store.ledger import LostPartitionError
from streams.blocks import PartitionBlocks

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Owned(Generic[T]):
    """A partition from its claim until the group is rebalanced; `lock` is had by who stores its blocks."""

    partition: int
    blocks: PartitionBlocks[T]
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    is_lost: bool = False
    """Another worker has claimed it: its frames are left alone until the group says whose they are."""
    is_in_repair: bool = False


class Partitions(Generic[T]):
    """Claims partitions by `take`, which fences the owner before. Raises `LostPartitionError` for what is not ours.

    A claim that another worker has fenced is never made anew within the same assignment: frames that were left to
    that worker would be passed over, and taken for stored by whoever comes later.
    """

    def __init__(self, take: Callable[[int], Awaitable[PartitionBlocks[T]]]) -> None:
        self._take = take
        self._owned: dict[int, Owned[T]] = {}
        self._claiming: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._assignment: frozenset[int] | None = None

    def assign(self, partitions: Iterable[int]) -> None:
        """Let only these be claimed, each anew."""
        self._owned, self._assignment = {}, frozenset(partitions)

    def holds(self, owned: Owned[T]) -> bool:
        """Tell whether a claim is the present one, and nobody is known to have fenced it."""
        return self._owned.get(owned.partition) is owned and not owned.is_lost

    def check(self, partition: int) -> None:
        """Raise `LostPartitionError` if the group has not assigned the partition to this worker."""
        if self._assignment is not None and partition not in self._assignment:
            raise LostPartitionError(f"partition {partition} is not assigned to this worker")

    async def claim(self, partition: int) -> Owned[T]:
        """Return a partition that is ours, claiming it if that has not been done."""
        if (owned := self._owned.get(partition)) is None:
            async with self._claiming[partition]:
                if (owned := self._owned.get(partition)) is None:
                    owned = await self._claim(partition)
        if owned.is_lost:
            raise LostPartitionError(f"partition {partition} has been claimed by another worker")
        return owned

    async def _claim(self, partition: int) -> Owned[T]:
        self.check(partition)
        assignment = self._assignment
        owned = Owned(partition, await self._take(partition))
        if self._assignment is not assignment:
            raise LostPartitionError(f"partition {partition} was revoked while it was claimed")
        self._owned[partition] = owned
        return owned
