"""Members of a group, a thread each: they join and leave when they are told to."""

import json
import sys
import threading
import time

from confluent_kafka import Consumer

bootstrap, group, topic, name, count, *settings = sys.argv[1:]
lock = threading.Lock()


def say(line):
    with lock:
        print(line, flush=True)


class Member(threading.Thread):
    def __init__(self, number):
        super().__init__()
        config = {"bootstrap.servers": bootstrap, "group.id": group}
        config.update(setting.split("=", 1) for setting in settings)
        self.consumer = Consumer(config)
        self.process = f"{name}-{number}"
        self.claims = {}
        self.begun = 0
        self.ended = False

    def record(self, kind, **fields):
        event = {"t": time.time_ns() // 1000, "process": self.process, "kind": kind, **fields}
        say(json.dumps(event))

    def assigned(self, _, partitions):
        for partition in partitions:
            self.begun += 1
            self.claims[partition.partition] = self.begun
            self.record(
                "assigned", claim=self.begun, topic=topic, partition=partition.partition
            )

    def revoked(self, _, partitions):
        for partition in partitions:
            self.record("released", claim=self.claims.pop(partition.partition))

    def run(self):
        self.record("nemesis", what="join")
        self.consumer.subscribe([topic], on_assign=self.assigned, on_revoke=self.revoked)
        while not self.ended:
            self.consumer.poll(0.05)
        self.record("nemesis", what="leave")
        self.consumer.close()
        self.record("left")


members = [Member(number) for number in range(int(count))]
say("ready")
for command in sys.stdin:
    if command.strip() != "join":
        break
    for member in members:
        member.start()
for member in members:
    member.ended = True
for member in members:
    if member.ident is not None:
        member.join()
