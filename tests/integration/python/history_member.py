"""A member of a group, until standard input ends; then it leaves. It writes down what it owns, a
line of JSON an event, as libkafka-history reads them.
"""

import json
import sys
import threading
import time

from confluent_kafka import Consumer

bootstrap, group, topic, name, *settings = sys.argv[1:]
claims = {}
begun = 0


def record(kind, **fields):
    event = {"t": time.time_ns() // 1000, "process": name, "kind": kind, **fields}
    print(json.dumps(event), flush=True)


def assigned(_, partitions):
    global begun
    for partition in partitions:
        begun += 1
        claims[partition.topic, partition.partition] = begun
        record("assigned", claim=begun, topic=partition.topic, partition=partition.partition)


def ended(partitions, kind, **fields):
    for partition in partitions:
        claim = claims.pop((partition.topic, partition.partition), None)
        if claim is not None:
            record(kind, claim=claim, **fields)


stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), stop.set()), daemon=True).start()

config = {
    "bootstrap.servers": bootstrap,
    "group.id": group,
    "auto.offset.reset": "earliest",
    "enable.auto.commit": False,
    "error_cb": lambda error: print(f"error: {error}", file=sys.stderr),
}
config.update(setting.split("=", 1) for setting in settings)
consumer = Consumer(config)
consumer.subscribe(
    [topic],
    on_assign=assigned,
    on_revoke=lambda _, partitions: ended(partitions, "released"),
    on_lost=lambda _, partitions: ended(partitions, "lost", why="librdkafka"),
)
while not stop.is_set():
    message = consumer.poll(0.05)
    if message is not None and message.error():
        print(f"error: {message.error()}", file=sys.stderr)
consumer.close()
record("left")
