"""Asking Kafka where its partitions end: that says how much is still to be done, and that Kafka answers at all."""

import contextlib
from collections.abc import Iterable, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from app.collector.topics import bootstrap_servers
from schemas import topics

_ANY = TopicPartition(topics.RECEIPTS, 0)


class BrokerWatch:
    """A connection of its own: Faust's consumer hides for most of a minute that its broker says nothing."""

    def __init__(self, kafka_url: str) -> None:
        self._servers = bootstrap_servers(kafka_url)
        self._consumer: Any = None

    async def ends(self, partitions: Iterable[tuple[str, int]]) -> Mapping[tuple[str, int], int]:
        """Return the offset after the last record of each partition. Raises `KafkaError` or `OSError` without answer.

        Cancelled or failed, it connects anew the next time.
        """
        wanted = [TopicPartition(*partition) for partition in partitions] or [_ANY]
        try:
            if self._consumer is None:
                self._consumer = AIOKafkaConsumer(bootstrap_servers=self._servers, enable_auto_commit=False)
                await self._consumer.start()
            ends: Mapping[tuple[str, int], int] = await self._consumer.end_offsets(wanted)
        except BaseException:
            await self.close()
            raise
        return ends

    async def close(self) -> None:
        """Close the connection, if there is one."""
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            with contextlib.suppress(Exception):
                await consumer.stop()
