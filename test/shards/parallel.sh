#!/bin/sh
# A search in parts on all cores of this machine (or, with --sshlogin, of many), with GNU parallel:
#   parallel.sh PARTS FILE OPTION…     as in: parallel.sh 8 race.coro --random 1000000
# A part exits with 1 when an outcome is not expected; that is a result, not a failure.
set -eu
coroscope=${COROSCOPE:-coroscope}
parts=$1
shift
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
seq "$parts" | parallel --halt soon,fail=1 \
  "$coroscope explore $* --shard {}/$parts --json >$results/{}.json || test \$? -eq 1"
$coroscope merge "$results"/*.json
