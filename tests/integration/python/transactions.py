"""Transactions of librdkafka's producer, and what its consumer makes of them: a line for each thing."""

import sys

from calm import calm, complain, last_words
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

bootstrap, topic = sys.argv[1:]
TIMEOUT = 30


config = calm(bootstrap, [f"transactional.id={topic}"])


def start_producer():
    started = Producer(config)
    started.init_transactions(TIMEOUT)
    return started


def start_consumer(isolation):
    return Consumer(
        {
            **calm(bootstrap),
            "group.id": topic,
            "isolation.level": isolation,
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
        }
    )


def send(producer, value, partitions):
    def delivered(error, _):
        if error:
            complain(f"not delivered: {error}")

    for partition in partitions:
        producer.produce(topic, value, partition=partition, on_delivery=delivered)
    producer.flush(TIMEOUT)


def transact(producer, value, commit):
    producer.begin_transaction()
    send(producer, value, (0, 1))
    if commit:
        producer.commit_transaction(TIMEOUT)
    else:
        producer.abort_transaction(TIMEOUT)


def read(isolation):
    consumer = start_consumer(isolation)
    for partition in (0, 1):
        consumer.assign([TopicPartition(topic, partition, 0)])
        while True:
            message = consumer.poll(TIMEOUT)
            if message is None:
                raise TimeoutError(f"partition {partition} does not end")
            if message.error():
                if message.error().code() == KafkaError._PARTITION_EOF:
                    break
                raise KafkaException(message.error())
            print(isolation, partition, message.offset(), message.value().decode())
    (committed,) = consumer.committed([TopicPartition(topic, 0)], TIMEOUT)
    print("offset", committed.offset)
    consumer.close()


first = start_producer()
transact(first, "committed", True)
transact(first, "aborted", False)
first.begin_transaction()
send(first, "with offsets", (0,))
member = start_consumer("read_committed")
first.send_offsets_to_transaction(
    [TopicPartition(topic, 0, 42)], member.consumer_group_metadata(), TIMEOUT
)
member.close()
first.commit_transaction(TIMEOUT)
first.begin_transaction()
send(first, "of the fenced", (0,))
second = start_producer()
try:
    first.commit_transaction(TIMEOUT)
    print("not fenced")
except KafkaException as refused:
    print("fenced" if refused.args[0].code() == KafkaError._FENCED else refused)
transact(second, "committed too", True)
last_words(second, config)
for isolation in ("read_uncommitted", "read_committed"):
    read(isolation)
