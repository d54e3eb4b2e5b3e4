"""Making the topics, and learning which life of the broker we talk to."""

import asyncio
import time

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from app.settings import Settings
from schemas import topics

_CANARY_SECONDS = 5.0
_TIRED_SECONDS = 120.0


def bootstrap_servers(kafka_url: str) -> str:
    """Turn `kafka://a:1,b:2` into `a:1,b:2`."""
    return kafka_url.removeprefix("kafka://").replace("kafka://", "")


async def ensure_topics(settings: Settings) -> str:
    """Create the topics that are missing and return the broker's cluster id (its "life").

    An embedded broker forgets everything when it stops and gets a new id when it starts; a Kafka cluster keeps one
    for ever. Raises aiokafka's errors or `OSError` when the broker is away.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers(settings.kafka_url), request_timeout_ms=10_000)
    await admin.start()
    try:
        present = set(await admin.list_topics())
        wanted = dict.fromkeys(topics.PARTITIONED, settings.kafka_partitions)
        wanted |= dict.fromkeys(topics.SINGLE, 1)
        missing = [
            NewTopic(name, count, settings.kafka_replication) for name, count in wanted.items() if name not in present
        ]
        if missing:
            answer = await admin.create_topics(missing)
            for topic_error in getattr(answer, "topic_errors", ()):
                error = for_code(topic_error[1])
                if topic_error[1] and error is not TopicAlreadyExistsError:
                    raise error(f"cannot create topic {topic_error[0]}")
        return await cluster_id(admin)
    finally:
        await admin.close()


class Canary:
    """A silent connection to the broker: it ends in the moment the broker does.

    aiokafka hides the end of a broker and sends again when one listens there anew. On the embedded broker's next life
    that meets the making of its topics, and offsets are given out twice (seen 11 times of 12): the sender has to stop
    before that broker is back. Brokers close a silent connection after some minutes (Kafka after 10): a canary is
    `tired` long before that and wants to be replaced.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._opened_at = time.monotonic()

    @property
    def is_tired(self) -> bool:
        """Whether it has been silent for so long that a broker might close it."""
        return time.monotonic() - self._opened_at > _TIRED_SECONDS

    @classmethod
    async def open(cls, servers: str) -> "Canary":
        """Connect to the first of the servers that listens. Raises `OSError` when none does."""
        failure: OSError = ConnectionError("no Kafka server is named")
        for server in servers.split(","):
            host, _, port = server.strip().rpartition(":")
            try:
                return cls(
                    *await asyncio.wait_for(asyncio.open_connection(host.strip("[]"), int(port)), _CANARY_SECONDS)
                )
            except OSError as error:
                failure = error
        raise failure

    async def is_lost(self, *, within_seconds: float) -> bool:
        """Wait until the connection ends, at most so long; True if it did."""
        try:
            return not await asyncio.wait_for(self._reader.read(1), within_seconds)
        except TimeoutError:
            return False
        except OSError:
            return True

    def close(self) -> None:
        """Close the connection."""
        self._writer.close()


async def cluster_id(admin: AIOKafkaAdminClient) -> str:
    """Return the cluster's id; one round trip."""
    return str((await admin.describe_cluster())["cluster_id"])
