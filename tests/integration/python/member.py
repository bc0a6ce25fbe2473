"""A member of a group, until standard input ends. It says what it owns, and what it has read once
that is committed.
"""

import sys
import threading

from calm import calm, complain
from confluent_kafka import Consumer

bootstrap, group, topic, *settings = sys.argv[1:]
owned = set()


def owns():
    print("owns", *sorted(owned))


def assigned(_, partitions):
    owned.update(partition.partition for partition in partitions)
    owns()


def revoked(_, partitions):
    owned.difference_update(partition.partition for partition in partitions)
    owns()


def lost(_, partitions):
    complain(f"lost: {partitions}")


ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()

config = {
    **calm(bootstrap, settings),
    "group.id": group,
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
}
consumer = Consumer(config)
consumer.subscribe([topic], on_assign=assigned, on_revoke=revoked, on_lost=lost)
while not ended.is_set():
    messages = consumer.consume(1000, timeout=0.1)
    if messages:
        consumer.commit(asynchronous=False)
    for message in messages:
        if message.error():
            complain(f"error: {message.error()}")
        else:
            print("record", message.partition(), message.offset(), message.value().decode())
consumer.close()
print("closed")
