"""Empties the services for the next product: no topics, no tables, no keys."""

import asyncio
import os

import asyncpg
import redis.asyncio
from aiokafka.admin import AIOKafkaAdminClient

_GONE_SECONDS = 30


async def empty_services() -> None:
    """Make the services that the environment names as they were when they started first."""
    await asyncio.gather(_kafka(), _postgres(), _redis())


async def _kafka() -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=os.environ["KAFKA_URL"].removeprefix("kafka://"))
    await admin.start()
    try:
        async with asyncio.timeout(_GONE_SECONDS):
            while topics := [name for name in await admin.list_topics() if not name.startswith("__")]:
                await admin.delete_topics(topics)
                await asyncio.sleep(0.2)
    finally:
        await admin.close()


async def _postgres() -> None:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"].replace("+asyncpg", ""))
    try:
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    finally:
        await connection.close()


async def _redis() -> None:
    async with redis.asyncio.from_url(os.environ["REDIS_URL"]) as client:
        await client.flushall()
