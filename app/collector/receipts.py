"""Reads the receipts that the store writes, and marks the spool's bytes as confirmed."""

import logging

from aiokafka import AIOKafkaConsumer, TopicPartition

from app.collector.closing import closed_within
from app.collector.spool import Spool
from schemas import receipts, topics

log = logging.getLogger("heliograph.receipts")

_PARTITION = TopicPartition(topics.RECEIPTS, 0)


class ReceiptReader:
    """Follows `spool.receipts` from its beginning; other collectors' receipts are skipped by their key."""

    def __init__(self, servers: str, spool: Spool) -> None:
        self._spool = spool
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=servers,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            request_timeout_ms=10_000,
            fetch_max_wait_ms=250,
        )

    async def start(self) -> None:
        """Connect. Raises `KafkaError` when the broker is away."""
        await self._consumer.start()
        self._consumer.assign([_PARTITION])
        await self._consumer.seek_to_beginning(_PARTITION)

    async def stop(self) -> None:
        """Disconnect; a broker that is gone does not hold us up."""
        await closed_within(1, self._consumer.stop(), what="the reader of receipts")

    async def catch_up(self) -> None:
        """Apply every receipt that is there now, so that only what has none is sent again."""
        end = (await self._consumer.end_offsets([_PARTITION]))[_PARTITION]
        while await self._consumer.position(_PARTITION) < end:
            await self._apply_next()

    async def run(self) -> None:
        """Apply receipts as they come, until cancelled."""
        while True:
            await self._apply_next()

    async def _apply_next(self) -> None:
        batches = await self._consumer.getmany(timeout_ms=1000, max_records=1000)
        for record in batches.get(_PARTITION, ()):
            if record.key != self._spool.source.encode():
                continue
            try:
                ranges = receipts.decode(record.value)
            except ValueError:
                log.warning("a receipt at offset %d cannot be read; its bytes are sent again", record.offset)
                continue
            for stored in ranges:
                self._spool.confirm(stored)
