#!/bin/sh
# How well pt-local holds functions to their share of the processors: for each memory size whose share is at most one core, the median
# duration of a fixed piece of work over (work / share). 1.00 is right. Takes about a minute for each means.
#
# usage: local-cpu.sh [MEANS...]     MEANS is cgroup or duty (default both)
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
bin=${PT_BIN:-$root/bin}
rounds=${ROUNDS:-9}
folder=$(mktemp -d)
trap 'kill "$local" 2>/dev/null || :; wait 2>/dev/null || :; rm -rf "$folder"' EXIT
local=

# duration MEMORY: of one invocation at that size, ms.
duration() {
    curl -sS -D "$folder/headers" -o /dev/null -H 'X-Amz-Log-Type: Tail' -d '{}' "$functions/primes:$1/invocations"
    tr -d '\r' <"$folder/headers" | sed -n 's/^x-amz-log-result: //Ip' | base64 -d |
        sed -n 's/.*\tDuration: \([0-9.]*\) ms.*/\1/p'
}

median() {
    sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

# publish MEMORY: the number of a new version.
publish() {
    curl -sS -o /dev/null -X PUT -d "{\"MemorySize\":$1}" "$functions/primes/configuration"
    curl -sS -X POST -d '{}' "$functions/primes/versions" | sed 's/.*"Version":"\([0-9]*\)".*/\1/'
}

# median_at MEMORY: of warm invocations.
median_at() {
    version=$(publish "$1")
    duration "$version" >/dev/null
    for _ in $(seq "$rounds"); do duration "$version"; done | median
}

# start MEANS: false when pt-local does not start with it.
start() {
    : >"$folder/ready"
    "$bin/pt-local" --port 0 --no-verify --cpu "$1" --function "primes=$root/examples/functions/primes" \
        >"$folder/ready" 2>"$folder/messages" &
    local=$!
    until [ -s "$folder/ready" ]; do
        kill -0 "$local" 2>/dev/null || { cat "$folder/messages" >&2; local=; return 1; }
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

[ $# -gt 0 ] || set -- cgroup duty
start none
work=$(median_at 1769)
stop
echo "work: $work ms of a core"
for means in "$@"; do
    bench "$means"
done
