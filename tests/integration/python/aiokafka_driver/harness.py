"""What each test of the driver needs: clients, topics, and waiting."""

import asyncio
import sys
import uuid
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

BOOTSTRAP = sys.argv[1]
RUN = uuid.uuid4().hex[:8]
TESTS = {}


def test(function):
    TESTS[function.__name__] = function
    return function


@asynccontextmanager
async def started(client):
    stop = client.close if isinstance(client, AIOKafkaAdminClient) else client.stop
    await client.start()
    try:
        yield client
    finally:
        await asyncio.wait_for(stop(), 20)


def admin():
    return started(AIOKafkaAdminClient(bootstrap_servers=BOOTSTRAP))


def producer(**options):
    return started(AIOKafkaProducer(bootstrap_servers=BOOTSTRAP, **options))


def consumer(*topics, **options):
    options.setdefault("auto_offset_reset", "earliest")
    options.setdefault("heartbeat_interval_ms", 500)
    return started(AIOKafkaConsumer(*topics, bootstrap_servers=BOOTSTRAP, **options))


async def eventually(what, ask):
    for _ in range(600):
        answer = await ask()
        if answer:
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError(f"not in time: {what}")


async def topic(name, partitions=1, **configs):
    full = f"{name}-{RUN}"
    async with admin() as client:
        new = NewTopic(full, partitions, 1, topic_configs=configs)
        await client.create_topics([new])

        async def led():
            described = (await client.describe_topics([full]))[0]
            leaders = [one["leader"] for one in described["partitions"]]
            return described["error_code"] == 0 and len(leaders) == partitions and min(leaders) > 0

        await eventually("leaders", led)
    return full


async def read(client, number):
    records = []
    while len(records) < number:
        records.append(await asyncio.wait_for(client.getone(), 30))
    return records


def values(records):
    return sorted(record.value for record in records)


def equal(one, other):
    assert one == other, f"{one!r} is not {other!r}"
