"""What a client of librdkafka is told here, so that standard error is empty if all is well.

The library itself writes there what it logs, which is nothing unless it has to complain.
"""

import json
import sys

TROUBLES = ("txerrs", "txretries", "req_timeouts", "rxerrs", "rxcorriderrs", "rxpartial")


def complain(what):
    print(what, file=sys.stderr)


def calm(bootstrap, settings=()):
    """A configuration, with `settings` of the form KEY=VALUE."""
    complained = set()

    def count(statistics):
        for name, broker in json.loads(statistics)["brokers"].items():
            for trouble in TROUBLES:
                if broker[trouble] and (name, trouble) not in complained:
                    complained.add((name, trouble))
                    complain(f"{name}: {trouble} {broker[trouble]}")

    config = {
        "bootstrap.servers": bootstrap,
        "error_cb": lambda error: complain(f"error: {error}"),
        "stats_cb": count,
        "statistics.interval.ms": 100,
    }
    config.update(setting.split("=", 1) for setting in settings)
    return config
