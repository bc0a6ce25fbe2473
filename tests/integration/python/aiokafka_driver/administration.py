"""Topics, configs, records and groups that are administered."""

from aiokafka import TopicPartition, errors
from aiokafka.admin import NewPartitions, NewTopic, RecordsToDelete
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from harness import BOOTSTRAP, admin, consumer, equal, eventually, producer, read, test, topic, values


@test
async def topics_that_are_managed():
    on = await topic("managed", 2)
    async with admin() as client:
        (again,) = (await client.create_topics([NewTopic(on, 1, 1)])).topic_errors
        equal(again[:2], (on, errors.TopicAlreadyExistsError.errno))
        await client.create_partitions({on: NewPartitions(3)})

        async def grown():
            return len((await client.describe_topics([on]))[0]["partitions"]) == 3

        await eventually("three", grown)
        try:
            await client.create_partitions({on: NewPartitions(1)})
        except errors.InvalidPartitionsError:
            pass
        else:
            raise AssertionError("there are fewer")
        await client.delete_topics([on])

        async def gone():
            return on not in await client.list_topics()

        await eventually("gone", gone)
        (unknown,) = (await client.delete_topics([on])).topic_error_codes
        equal(unknown, (on, errors.UnknownTopicOrPartitionError.errno))


@test
async def records_that_are_deleted():
    on = await topic("deleted")
    place = TopicPartition(on, 0)
    async with producer() as sender:
        for value in (b"a", b"b", b"c"):
            await sender.send_and_wait(on, value)
    async with admin() as client:
        equal(await client.delete_records({place: RecordsToDelete(before_offset=2)}), {place: 2})
    async with consumer(on) as reader:
        equal(values(await read(reader, 1)), [b"c"])


@test
async def configs_that_are_altered():
    on = await topic("configs")
    async with admin() as client:
        resource = ConfigResource(ConfigResourceType.TOPIC, on, configs={"retention.ms": "12345"})
        (altered,) = await client.alter_configs([resource])
        equal(altered.resources[0][0], 0)

        async def retention():
            asked = ConfigResource(ConfigResourceType.TOPIC, on, configs={"retention.ms": None})
            (described,) = await client.describe_configs([asked])
            (entry,) = described.resources[0][4]
            return entry[:2] == ("retention.ms", "12345")

        await eventually("altered", retention)
        wrong = ConfigResource(ConfigResourceType.TOPIC, on, configs={"retention.ms": "nonsense"})
        (refused,) = await client.alter_configs([wrong])
        equal(refused.resources[0][0], errors.InvalidConfigurationError.errno)


@test
async def configs_of_a_broker():
    async with admin() as client:
        cluster = await client.describe_cluster()
        node = str(cluster["brokers"][0]["node_id"])
        (described,) = await client.describe_configs([ConfigResource(ConfigResourceType.BROKER, node)])
        names = [entry[0] for entry in described.resources[0][4]]
    assert len(names) > 200, len(names)
    assert "log.retention.hours" in names


@test
async def groups_that_are_listed_and_described():
    on = await topic("groups", 2)
    async with consumer(on, group_id=on) as reader:
        async def joined():
            return len(reader.assignment()) == 2

        await eventually("joined", joined)
        async with admin() as client:
            assert (on, "consumer") in [one[:2] for one in await client.list_consumer_groups()]
            (described,) = await client.describe_consumer_groups([on])
            (one,) = described.groups
            equal(one[:4], (0, on, "Stable", "consumer"))
            equal(len(one[5]), 1)


@test
async def the_cluster():
    async with admin() as client:
        cluster = await client.describe_cluster()
        nodes = [broker["node_id"] for broker in cluster["brokers"]]
        equal(sorted(nodes), list(range(1, len(BOOTSTRAP.split(",")) + 1)))
        assert cluster["controller_id"] in nodes
        equal(len(cluster["cluster_id"]), 22)
