"""Making the topics, and learning which life of the broker we talk to."""

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from app.settings import Settings
from schemas import topics


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


async def cluster_id(admin: AIOKafkaAdminClient) -> str:
    """Return the cluster's id; one round trip."""
    return str((await admin.describe_cluster())["cluster_id"])
