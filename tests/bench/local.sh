#!/bin/sh
# How accurate and fast pt-local is:
#   - the median duration of a fixed piece of work divided by (work / share), for each memory size with a share of at
#     most one core and each CPU mechanism; target: 0.95..1.10 with cgroup, 0.85..1.25 with duty
#   - the medians with all sizes invoked at once, divided by the medians of one size after another; target: within 3 %
#   - invocations per second of a trivial warm function; target: 2,000 on 2 cores, with up to 200 connections
# It needs an otherwise idle machine and takes some minutes. ROUNDS is the number of invocations for a median;
# SECONDS_ALONE and SECONDS_AT_ONCE are how long each size is invoked for the comparison of medians.
#
# usage: local.sh [MECHANISM...]     cgroup or duty (default: both)
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
bin=${PT_BIN:-$root/bin}
rounds=${ROUNDS:-9}
seconds_alone=${SECONDS_ALONE:-5}
seconds_at_once=${SECONDS_AT_ONCE:-20}
work=80 # ms of CPU time
folder=$(mktemp -d)
trap 'kill "$local" 2>/dev/null || :; wait 2>/dev/null || :; rm -rf "$folder"' EXIT
local=

# duration VERSION: the duration of one invocation, ms.
duration() {
    curl -sS -D "$folder/headers" -o /dev/null -H 'X-Amz-Log-Type: Tail' -d "{\"cpu\":$work}" "$functions/actor:$1/invocations"
    tr -d '\r' <"$folder/headers" | sed -n 's/^x-amz-log-result: //Ip' | base64 -d |
        sed -n 's/.*\tDuration: \([0-9.]*\) ms.*/\1/p'
}

median() {
    sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

# publish MEMORY: publishes a version and prints its number.
publish() {
    curl -sS -o /dev/null -X PUT -d "{\"MemorySize\":$1}" "$functions/actor/configuration"
    curl -sS -X POST -d '{}' "$functions/actor/versions" | sed 's/.*"Version":"\([0-9]*\)".*/\1/'
}

# median_at MEMORY: the median duration of warm invocations, ms.
median_at() {
    version=$(publish "$1")
    duration "$version" >/dev/null
    for _ in $(seq "$rounds"); do duration "$version"; done | median
}

# start MECHANISM: fails when pt-local does not start with it.
start() {
    : >"$folder/ready"
    "$bin/pt-local" --port 0 --no-verify --cpu "$1" --memory 1769 --function "actor=$root/build/functions/actor" \
        >"$folder/ready" 2>"$folder/messages" &
    local=$!
    until [ -s "$folder/ready" ]; do
        kill -0 "$local" 2>/dev/null || {
            cat "$folder/messages" >&2
            local=
            return 1
        }
        sleep 0.05
    done
    functions=$(cat "$folder/ready")/2015-03-31/functions
}

stop() {
    kill "$local"
    wait "$local" || :
    local=
}

bench() {
    start "$1" || return 0
    sed 's/^pt-local: //' "$folder/messages"
    printf '%8s %8s %12s %8s\n' 'MB' 'share' 'median ms' 'ratio'
    for memory in 128 256 512 1024 1536; do
        median_at "$memory" | awk -v memory="$memory" -v work="$work" \
            '{ share = memory / 1769; printf "%8d %8.4f %12.2f %8.3f\n", memory, share, $1, $1 * share / work }'
    done
    stop
}

# repeat VERSION MEMORY SECONDS: invokes the version repeatedly and logs to log.MEMORY. It starts no other
# programs in the loop, so that the machine does the work of the functions and not of this script.
repeat() {
    sleep "$3" &
    clock=$!
    while kill -0 "$clock" 2>/dev/null; do
        curl -sS -D - -o /dev/null -H 'X-Amz-Log-Type: Tail' -d "{\"cpu\":$work}" "$functions/actor:$1/invocations"
    done >"$folder/log.$2"
    wait "$clock" || :
}

# repeated MEMORY: the number and the median of the invocations of repeat.
repeated() {
    tr -d '\r' <"$folder/log.$1" | sed -n 's/^x-amz-log-result: //Ip' | while read -r tail; do
        echo "$tail" | base64 -d
    done | sed -n 's/.*\tDuration: \([0-9.]*\) ms.*/\1/p' | sort -n |
        awk '{ value[NR] = $1 } END { print NR, value[int((NR + 1) / 2)] }'
}

# paired: invokes each size alone, then all at once.
paired() {
    start auto
    for memory in 128 256 512 1024 1536; do
        version=$(publish "$memory")
        echo "$memory $version" >>"$folder/versions"
        duration "$version" >/dev/null
        repeat "$version" "$memory" "$seconds_alone"
        repeated "$memory" >"$folder/alone.$memory"
    done
    loops=
    while read -r memory version; do
        repeat "$version" "$memory" "$seconds_at_once" &
        loops="$loops $!"
    done <"$folder/versions"
    # shellcheck disable=SC2086 # process numbers
    wait $loops
    printf '%8s %6s %12s %7s %12s %8s\n' 'MB' 'alone' 'median ms' 'at once' 'median ms' 'ratio'
    for memory in 128 256 512 1024 1536; do
        echo "$memory $(cat "$folder/alone.$memory") $(repeated "$memory")" |
            awk '{ printf "%8d %6d %12.2f %7d %12.2f %8.3f\n", $1, $2, $3, $4, $5, $5 / $3 }'
    done
    stop
}

load() {
    start auto
    port=${functions#http://127.0.0.1:}
    for connections in 1 10 50 200; do
        "$root/build/plain/bench/local-load" "${port%%/*}" actor "$connections" 3
    done
    stop
}

[ $# -gt 0 ] || set -- cgroup duty
for mechanism in "$@"; do
    bench "$mechanism"
done
paired
load
