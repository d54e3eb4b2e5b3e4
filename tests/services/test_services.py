"""The services themselves: what they hold survives kill -9 and a restart on their data."""

import json
import os
import signal
import subprocess
from pathlib import Path

import asyncpg
import pytest
import redis.asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

pytestmark = pytest.mark.services


def kill_and_restart(name: str) -> None:
    service = json.loads(Path(os.environ["SERVICES_JSON"]).read_text())[name]
    os.kill(service["pid"], signal.SIGKILL)
    subprocess.run(service["restart"], check=True, capture_output=True)


async def test_postgres_keeps_its_rows_over_kill_9() -> None:
    address = os.environ["DATABASE_URL"].replace("+asyncpg", "")
    connection = await asyncpg.connect(address)
    await connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    await connection.close()
    kill_and_restart("postgres")
    connection = await asyncpg.connect(address)
    assert await connection.fetchval("SELECT n FROM kept") == 7
    await connection.execute("DROP TABLE kept")
    await connection.close()


async def test_redis_comes_back_on_its_file_after_kill_9() -> None:
    async with redis.asyncio.from_url(os.environ["REDIS_URL"]) as client:
        await client.set("kept", "7")
    kill_and_restart("redis")
    client = redis.asyncio.from_url(os.environ["REDIS_URL"])
    assert await client.get("kept") == b"7"
    await client.delete("kept")
    await client.aclose()


async def test_kafka_keeps_acknowledged_records_over_kill_9() -> None:
    bootstrap = os.environ["KAFKA_URL"].removeprefix("kafka://")
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("kept", 1, 1)])
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    for number in range(100):
        await producer.send_and_wait("kept", b"%d" % number)
    await producer.stop()
    kill_and_restart("kafka")
    consumer = AIOKafkaConsumer("kept", bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    values = [int((await consumer.getone()).value) for _ in range(100)]
    await consumer.stop()
    assert values == list(range(100))
    await admin.delete_topics(["kept"])
    await admin.close()
