"""What librdkafka's admin client does to a topic and a group, and is told of them: a line for each."""

import sys
import time
import warnings

from calm import calm, complain, last_words
from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, ElectionType, KafkaException, Producer
from confluent_kafka import TopicCollection, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
)

# It is the only way that some clients have.
warnings.filterwarnings("ignore", "alter_configs has been deprecated", DeprecationWarning)
bootstrap, topic = sys.argv[1:]
group = topic
PATIENCE = 100
settings = calm(bootstrap)
admin = AdminClient(settings)


def result(asked):
    """What became of it, be it one thing or the only one of a dictionary."""
    if isinstance(asked, dict):
        (asked,) = asked.values()
    try:
        return asked.result(PATIENCE)
    except KafkaException as refused:
        return refused.args[0].name()
    finally:
        admin.poll(0)


def until(ask, done):
    """Asks until it is so: real Kafka tells its brokers of a change a moment later."""
    deadline = time.monotonic() + PATIENCE
    while not done(answer := ask()):
        if time.monotonic() > deadline:
            raise TimeoutError(answer)
    return answer


def describe_topic():
    return result(admin.describe_topics(TopicCollection([topic])))


def has(partitions):
    return lambda described: len(getattr(described, "partitions", ())) == partitions


def config(name):
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    return result(admin.describe_configs([resource]))[name]


def print_config(name):
    entry = config(name)
    print(name, entry.value, "default" if entry.is_default else "set")


def set_config(name, value):
    entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
    return result(admin.incremental_alter_configs([resource]))


def replace_configs(values):
    return result(admin.alter_configs([ConfigResource(ConfigResource.Type.TOPIC, topic, set_config=values)]))


def offset(spec):
    answer = result(admin.list_offsets({TopicPartition(topic, 0): spec}))
    return getattr(answer, "offset", answer)


def delete_records(before):
    answer = result(admin.delete_records([TopicPartition(topic, 0, before)]))
    return getattr(answer, "low_watermark", answer)


def topics():
    new = NewTopic(topic, 2, 1, config={"retention.ms": "7200000"})
    print("create", result(admin.create_topics([new])))
    print("create again", result(admin.create_topics([new])))
    until(describe_topic, has(2))
    print("add a partition", result(admin.create_partitions([NewPartitions(topic, 3)])))
    print("take it away", result(admin.create_partitions([NewPartitions(topic, 2)])))
    for partition in until(describe_topic, has(3)).partitions:
        same = [partition.leader.id] == [node.id for node in partition.isr]
        print("partition", partition.id, "is led by who is in sync" if same else partition)
    cluster = result(admin.describe_cluster())
    print("controller", cluster.controller.id in [node.id for node in cluster.nodes])


def records():
    until(lambda: offset(OffsetSpec.latest()), lambda latest: latest == 0)
    producer = Producer(calm(bootstrap))
    for i in range(5):
        producer.produce(topic, f"{i}", f"key {i}", partition=0, timestamp=1000 + i)
    producer.flush(PATIENCE)
    print("offsets", offset(OffsetSpec.earliest()), offset(OffsetSpec.latest()))
    print("at", offset(OffsetSpec.for_timestamp(1003)), offset(OffsetSpec.max_timestamp()))
    print("delete records", delete_records(2), delete_records(9))
    print("offsets", offset(OffsetSpec.earliest()), offset(OffsetSpec.latest()))


def configs():
    print_config("retention.ms")
    print_config("cleanup.policy")
    print("set", set_config("cleanup.policy", "compact"))
    print("set nonsense", set_config("cleanup.policy", "nonsense"))
    print_config("cleanup.policy")
    print("delete records", delete_records(3))
    print("replace", replace_configs({"retention.ms": "3600000"}))
    until(lambda: config("cleanup.policy"), lambda entry: entry.is_default)
    print_config("retention.ms")
    print_config("cleanup.policy")
    (elected,) = result(admin.elect_leaders(ElectionType.PREFERRED, [TopicPartition(topic, 0)])).values()
    print("elect", elected.name())


def print_group():
    listed = result(admin.list_consumer_groups())
    for error in listed.errors:
        complain(f"error: {error}")
    for found in listed.valid:
        if found.group_id == group:
            print("listed", found.state.name, found.type.name)
    described = result(admin.describe_consumer_groups([group]))
    assigned = [sorted(p.partition for p in m.assignment.topic_partitions) for m in described.members]
    print("described", described.state.name, described.partition_assignor, assigned)


def print_committed():
    asked = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 0)])
    (committed,) = result(admin.list_consumer_group_offsets([asked])).topic_partitions
    print("committed", committed.offset)


def groups(protocol):
    own = {"group.id": group, "group.protocol": protocol, "enable.auto.commit": False}
    consumer = Consumer({**calm(bootstrap), **own})
    consumer.subscribe([topic])

    def owned():
        consumer.poll(0.1)
        return consumer.assignment()

    until(owned, lambda partitions: len(partitions) == 3)
    print_group()
    print("delete", result(admin.delete_consumer_groups([group])))
    consumer.close()
    print_group()
    offsets = [TopicPartition(topic, 0, 4)]
    altered = admin.alter_consumer_group_offsets([ConsumerGroupTopicPartitions(group, offsets)])
    print("commit", result(altered).topic_partitions[0].error)
    print_committed()
    print("delete", result(admin.delete_consumer_groups([group])))
    print("delete again", result(admin.delete_consumer_groups([group])))


topics()
records()
configs()
for protocol in ("classic", "consumer"):
    groups(protocol)
print("delete", result(admin.delete_topics([topic])))
gone = until(lambda: result(admin.delete_topics([topic])), lambda answer: answer is not None)
print("delete again", gone)
last_words(admin, settings)
