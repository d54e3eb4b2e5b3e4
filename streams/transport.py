"""Faust's Kafka transport with a shorter fetch wait.

Faust fixes the wait of a fetch at 1.5 s. Apache Kafka answers as soon as there is a record, but the embedded broker
lets a fetch wait about half of its time first: 0.4 s a hop, of the second that an open may take to the screen.
"""

from typing import Any, ClassVar

from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport

FETCH_WAIT_MS = 80


class QuickConsumerThread(AIOKafkaConsumerThread):
    """A consumer whose fetches wait `FETCH_WAIT_MS` for a record."""

    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS  # read when it starts; Faust has no setting for it
        return consumer


class QuickConsumer(Consumer):
    """Makes its thread of the quick kind."""

    def _new_consumer_thread(self) -> Any:
        return QuickConsumerThread(self, loop=self.loop, beacon=self.beacon)


class QuickTransport(Transport):
    """The transport that `streams.worker` gives to Faust."""

    Consumer: ClassVar[Any] = QuickConsumer
