#!/bin/sh
# Runs a command with a Kafka broker of its own, which ends with it:
#
#     with_broker.sh pytest tests/
#
# The command finds the broker's address in KAFKA_BOOTSTRAP. TESTBROKER is the program, and
# TESTBROKER_OPTIONS are more options for it, such as "--topic orders:4".
set -eu
broker=${TESTBROKER:-libkafka-testbroker}
# The command's standard input is that of this script, not what the broker says.
exec 3<&0
# The broker says its process id first: who reads that, ends it. No program but the shell is needed.
# shellcheck disable=SC2086
sh -c 'echo "$$"; exec "$@"' sh "$broker" --listen 127.0.0.1:0 ${TESTBROKER_OPTIONS-} | {
    read -r pid
    trap 'kill "$pid" 2>/dev/null || :' EXIT
    read -r line
    KAFKA_BOOTSTRAP=${line#listening on }
    export KAFKA_BOOTSTRAP
    "$@" <&3 3<&-
}
