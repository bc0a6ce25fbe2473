"""What a client of librdkafka is told here, so that standard error is empty if all is well.

The library itself writes there what it logs, which is nothing unless it has to complain.
"""

import json
import sys

TROUBLES = ("txerrs", "txretries", "req_timeouts", "rxerrs", "rxcorriderrs", "rxpartial")


def complain(what):
    print(what, file=sys.stderr)


class Statistics:
    """Looks at what a client counts, and complains of troubles."""

    def __init__(self):
        self.complained = set()
        self.times = 0

    def __call__(self, statistics):
        self.times += 1
        for name, broker in json.loads(statistics)["brokers"].items():
            for trouble in TROUBLES:
                if broker[trouble] and (name, trouble) not in self.complained:
                    self.complained.add((name, trouble))
                    complain(f"{name}: {trouble} {broker[trouble]}")


def last_words(client, config):
    """Waits until a client has counted all that it has done so far."""
    statistics = config["stats_cb"]
    # Those that come next may have been under way.
    last = statistics.times + 2
    while statistics.times < last:
        client.poll(0.1)


def calm(bootstrap, settings=()):
    """A configuration, with `settings` of the form KEY=VALUE."""
    config = {
        "bootstrap.servers": bootstrap,
        "error_cb": lambda error: complain(f"error: {error}"),
        "stats_cb": Statistics(),
        "statistics.interval.ms": 100,
    }
    config.update(setting.split("=", 1) for setting in settings)
    return config
