"""Groups, offsets and places to read from."""

import asyncio
import re

from aiokafka import ConsumerRebalanceListener, TopicPartition, errors
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor

from harness import RUN, admin, consumer, equal, eventually, producer, read, test, topic, values


def group(assignor):
    async def shared():
        on = await topic(f"group-{assignor.name}", 4)
        options = {"group_id": on, "partition_assignment_strategy": [assignor]}
        async with consumer(on, **options) as one:

            async def has(client, number):
                return len(client.assignment()) == number

            await eventually("it has all", lambda: has(one, 4))
            async with consumer(on, **options) as other:
                # Each takes part in the rebalance as it reads.
                await eventually("they share", lambda: has(one, 2))
                await eventually("they share", lambda: has(other, 2))
                equal(one.assignment() & other.assignment(), set())
                async with producer() as sender:
                    for partition in range(4):
                        await sender.send_and_wait(on, b"%d" % partition, partition=partition)
                both = await read(one, 2) + await read(other, 2)
                equal(values(both), [b"0", b"1", b"2", b"3"])
            await eventually("it has all again", lambda: has(one, 4))

    shared.__name__ = f"a_group_of_two_with_{assignor.name}"
    test(shared)


for each in (RangePartitionAssignor, RoundRobinPartitionAssignor, StickyPartitionAssignor):
    group(each)


@test
async def a_listener_of_rebalances():
    on = await topic("listener", 2)
    heard = []

    class Listener(ConsumerRebalanceListener):
        def on_partitions_revoked(self, revoked):
            heard.append(("revoked", len(revoked)))

        def on_partitions_assigned(self, assigned):
            heard.append(("assigned", len(assigned)))

    async with consumer(group_id=on) as reader:
        reader.subscribe([on], listener=Listener())

        async def assigned():
            return ("assigned", 2) in heard

        await eventually("assigned", assigned)


@test
async def a_static_member():
    on = await topic("static")
    options = {"group_id": on, "group_instance_id": "one"}
    async with producer() as sender:
        await sender.send_and_wait(on, b"a")
        async with consumer(on, **options) as reader:
            await read(reader, 1)
            await reader.commit()
        await sender.send_and_wait(on, b"b")
        async with consumer(on, **options) as reader:
            equal(values(await read(reader, 1)), [b"b"])


@test
async def commits_and_metadata_of_commits():
    on = await topic("commits")
    place = TopicPartition(on, 0)
    async with producer() as sender:
        for value in (b"a", b"b"):
            await sender.send_and_wait(on, value)
    async with consumer(on, group_id=on, enable_auto_commit=False) as reader:
        await read(reader, 2)
        equal(await reader.committed(place), None)
        await reader.commit({place: (1, "note")})
        equal(await reader.committed(place), 1)
    async with consumer(on, group_id=on) as reader:
        equal(values(await read(reader, 1)), [b"b"])
    async with admin() as client:
        offsets = await client.list_consumer_group_offsets(on)
        equal((offsets[place].offset, offsets[place].metadata), (2, ""))


@test
async def offsets_by_end_and_time():
    on = await topic("offsets")
    place = TopicPartition(on, 0)
    async with producer() as sender:
        for time in (1000, 2000, 3000):
            await sender.send_and_wait(on, b"x", timestamp_ms=time)
    async with consumer() as reader:
        equal((await reader.beginning_offsets([place]))[place], 0)
        equal((await reader.end_offsets([place]))[place], 3)
        found = (await reader.offsets_for_times({place: 1500}))[place]
        equal((found.offset, found.timestamp), (1, 2000))
        equal((await reader.offsets_for_times({place: 9000}))[place], None)


@test
async def seeking_and_pausing():
    on = await topic("seek")
    place = TopicPartition(on, 0)
    async with producer() as sender:
        for value in (b"a", b"b", b"c"):
            await sender.send_and_wait(on, value)
    async with consumer() as reader:
        reader.assign([place])
        reader.seek(place, 1)
        equal(values(await read(reader, 2)), [b"b", b"c"])
        await reader.seek_to_beginning(place)
        equal(await reader.position(place), 0)
        reader.pause(place)
        equal(await reader.getmany(timeout_ms=300), {})
        reader.resume(place)
        equal(len(await read(reader, 3)), 3)
        await reader.seek_to_end(place)
        equal(await reader.position(place), 3)
        equal((reader.highwater(place), reader.last_stable_offset(place)), (3, 3))


@test
async def an_offset_that_is_out_of_range():
    on = await topic("range")
    place = TopicPartition(on, 0)
    async with producer() as sender:
        await sender.send_and_wait(on, b"a")
    async with consumer(auto_offset_reset="none") as reader:
        reader.assign([place])
        reader.seek(place, 17)
        try:
            await asyncio.wait_for(reader.getone(), 20)
        except errors.OffsetOutOfRangeError:
            return
    raise AssertionError("it was read")


@test
async def topics_by_pattern():
    on = await topic("pattern-a")
    async with consumer(group_id=f"pattern-{RUN}") as reader:
        reader.subscribe(pattern=f"^pattern-.-{re.escape(RUN)}$")
        async with producer() as sender:
            await sender.send_and_wait(on, b"x")
        await read(reader, 1)
