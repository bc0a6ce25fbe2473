"""A member of a group that reads a topic, until standard input ends; then it leaves. It writes down
what it owns, reads and commits, a line of JSON an event, as libkafka-history reads them.
"""

import json
import sys
import threading
import time

from confluent_kafka import Consumer, KafkaException, TopicPartition

bootstrap, group, topic, name, *settings = sys.argv[1:]
claims = {}
# What was handled and is not committed, since a cooperative group was rebalancing.
refused = {}
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
        at = partition.topic, partition.partition
        refused.pop(at, None)
        claim = claims.pop(at, None)
        if claim is not None:
            record(kind, claim=claim, **fields)


def released(_, partitions):
    owned = [(partition.topic, partition.partition) for partition in partitions]
    if again := {at: refused[at] for at in owned if at in refused}:
        for at, end in again.items():
            record("commit", claim=claims[at], offset=end)
        commit(again)
    ended(partitions, "released")


def value(message):
    producer, _, n = message.value().decode().rpartition(".")
    return [producer, (message.key() or b"").decode(), int(n)]


def handle(messages):
    records = {}
    for message in messages:
        if message.error():
            print(f"error: {message.error()}", file=sys.stderr)
        elif (message.topic(), message.partition()) in claims:
            at = message.topic(), message.partition()
            records.setdefault(at, []).append([message.offset(), value(message)])
    if records:
        commit({at: read(claims[at], batch) for at, batch in records.items()})


def read(claim, records):
    start, end = records[0][0], records[-1][0] + 1
    record("polled", claim=claim, **{"from": start}, records=records, next=end)
    record("handled", claim=claim, **{"from": start}, upto=end)
    record("commit", claim=claim, offset=end)
    return end


def commit(ends):
    """Waits for the answer. During an eager rebalance it may come only after the session is over, and
    the partitions are lost; but commits that are not waited for are sent again in any order.
    """
    offsets = [TopicPartition(*at, end) for at, end in ends.items()]
    taken = set()
    try:
        for of in consumer.commit(offsets=offsets, asynchronous=False):
            if of.error is None:
                taken.add((of.topic, of.partition))
            else:
                print(f"commit: {of.error}", file=sys.stderr)
    except KafkaException as error:
        print(f"commit: {error}", file=sys.stderr)
    for at, end in ends.items():
        outcome = "ok" if at in taken else "info"
        if at in taken:
            refused.pop(at, None)
        elif at in claims:
            refused[at] = end
        if at in claims:
            record("committed", claim=claims[at], offset=end, outcome=outcome)


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
    on_revoke=released,
    on_lost=lambda _, partitions: ended(partitions, "lost", why="librdkafka"),
)
while not stop.is_set():
    handle(consumer.consume(500, timeout=0.05))
consumer.close()
record("left")
