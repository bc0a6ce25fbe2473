"""Produces what standard input says, a line `PARTITION VALUE` each, and says where it went."""

import sys

from calm import calm, complain, last_words
from confluent_kafka import Producer

bootstrap, topic, *settings = sys.argv[1:]


def delivered(error, message):
    if error:
        complain(f"not delivered: {error}")
    else:
        print(message.partition(), message.offset(), message.value().decode())


config = calm(bootstrap, settings)
producer = Producer(config)
for line in sys.stdin:
    partition, value = line.rstrip("\n").split(" ", 1)
    producer.produce(topic, value, partition=int(partition), on_delivery=delivered)
producer.flush()
last_words(producer, config)
