#!/bin/sh
# Runs a command with a Kafka broker of its own, which ends with it:
#
#     with_broker.sh pytest tests/
#
# The command finds the broker's address in KAFKA_BOOTSTRAP. TESTBROKER is the program, and
# TESTBROKER_OPTIONS are more options for it, such as "--topic orders:4".
set -eu
broker=${TESTBROKER:-libkafka-testbroker}
folder=$(mktemp -d)
mkfifo "$folder/said"
# shellcheck disable=SC2086
"$broker" --listen 127.0.0.1:0 ${TESTBROKER_OPTIONS-} >"$folder/said" &
pid=$!
trap 'kill "$pid" 2>/dev/null || :; wait "$pid" || :; rm -r "$folder"' EXIT
exec 3<"$folder/said"
read -r line <&3
KAFKA_BOOTSTRAP=${line#listening on }
export KAFKA_BOOTSTRAP
"$@"
