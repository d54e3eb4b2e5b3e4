"""Makes the topics of a fresh embedded broker; run as a process by the launcher, which need not load a Kafka client."""

import asyncio
import sys

from aiokafka.errors import KafkaError

from app.collector.topics import ensure_topics
from app.read_settings import settings_or_exit

_PATIENCE_SECONDS = 10.0


def main() -> None:
    """Make the topics; print the broker's life, or why it does not answer (and end with code 1)."""
    try:
        print(asyncio.run(asyncio.wait_for(ensure_topics(settings_or_exit("topics")), _PATIENCE_SECONDS)))  # noqa: T201  # the answer
    except (KafkaError, OSError, TimeoutError) as error:
        sys.exit(f"does not answer as a broker yet ({type(error).__name__})")


if __name__ == "__main__":
    main()
