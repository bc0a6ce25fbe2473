"""Records that are written, in transactions or not, and read back."""

from aiokafka import TopicPartition, errors

from harness import RUN, admin, consumer, equal, producer, read, test, topic, values


async def round_trip(name, **options):
    on = await topic(name)
    async with producer(**options) as sender:
        offsets = [(await sender.send_and_wait(on, value)).offset for value in (b"a", b"b", b"c")]
        equal(offsets, [0, 1, 2])
    async with consumer(on) as reader:
        equal(values(await read(reader, 3)), [b"a", b"b", b"c"])


@test
async def plain_records():
    await round_trip("plain")


@test
async def records_of_an_idempotent_producer():
    await round_trip("idempotent", enable_idempotence=True)


@test
async def records_without_acknowledgement():
    on = await topic("acks-0")
    async with producer(acks=0) as sender:
        await sender.send_and_wait(on, b"x")
    async with consumer(on) as reader:
        await read(reader, 1)


def codec(name):
    async def compressed():
        await round_trip(name, compression_type=name)

    compressed.__name__ = f"records_with_{name}"
    test(compressed)


for each in ("gzip", "snappy", "lz4", "zstd"):
    codec(each)


@test
async def keys_headers_nulls_and_timestamps():
    on = await topic("record")
    headers = [("one", b"h"), ("two", b"")]
    async with producer() as sender:
        await sender.send_and_wait(on, b"v", key=b"k", headers=headers, timestamp_ms=1600000000000)
        await sender.send_and_wait(on, None, key=b"k")
    async with consumer(on) as reader:
        first, second = await read(reader, 2)
    equal((first.key, first.value, list(first.headers)), (b"k", b"v", headers))
    equal((first.timestamp, first.timestamp_type), (1600000000000, 0))
    equal(second.value, None)


@test
async def time_of_the_log():
    on = await topic("log-time", **{"message.timestamp.type": "LogAppendTime"})
    async with producer() as sender:
        sent = await sender.send_and_wait(on, b"v", timestamp_ms=1000)
    assert sent.timestamp > 1600000000000, sent
    async with consumer(on) as reader:
        (record,) = await read(reader, 1)
    equal((record.timestamp, record.timestamp_type), (sent.timestamp, 1))


@test
async def batches_of_one_s_own():
    on = await topic("batches")
    async with producer() as sender:
        batch = sender.create_batch()
        for value in (b"a", b"b"):
            batch.append(key=None, value=value, timestamp=None)
        sent = await (await sender.send_batch(batch, on, partition=0))
        equal(sent.offset, 0)
    async with consumer(on) as reader:
        equal(values(await read(reader, 2)), [b"a", b"b"])


@test
async def a_topic_that_a_producer_creates():
    on = f"auto-{RUN}"
    async with producer() as sender:
        await sender.send_and_wait(on, b"x")
    async with admin() as client:
        assert on in await client.list_topics()


@test
async def a_record_that_is_too_large():
    on = await topic("large", **{"max.message.bytes": "1000"})
    async with producer() as sender:
        try:
            await sender.send_and_wait(on, b"x" * 2000)
        except errors.MessageSizeTooLargeError:
            return
    raise AssertionError("it was taken")


@test
async def transactions():
    on = await topic("transactions")
    async with producer(transactional_id=on) as sender:
        async with sender.transaction():
            await sender.send_and_wait(on, b"committed")
            await sender.send_offsets_to_transaction({TopicPartition(on, 0): 7}, f"{on}-group")
        await sender.begin_transaction()
        await sender.send_and_wait(on, b"aborted")
        await sender.abort_transaction()
        async with sender.transaction():
            await sender.send_and_wait(on, b"too")
    async with consumer(on, isolation_level="read_committed") as reader:
        equal(values(await read(reader, 2)), [b"committed", b"too"])
    async with consumer(on) as reader:
        equal(len(await read(reader, 3)), 3)
    async with consumer(group_id=f"{on}-group") as reader:
        equal(await reader.committed(TopicPartition(on, 0)), 7)


@test
async def a_producer_that_is_fenced():
    on = await topic("fenced")
    async with producer(transactional_id=on) as old:
        await old.begin_transaction()
        await old.send_and_wait(on, b"old")
        async with producer(transactional_id=on) as young:
            async with young.transaction():
                await young.send_and_wait(on, b"young")
            try:
                await old.send_and_wait(on, b"late")
                await old.commit_transaction()
            except errors.ProducerFenced:
                pass
            else:
                raise AssertionError("it was not fenced")
    async with consumer(on, isolation_level="read_committed") as reader:
        equal(values(await read(reader, 1)), [b"young"])
