#!/bin/sh
# Compares the time to read stored logs with the time of grep, cat and gzip for the same bytes. Prints the
# ratios of the best of several alternating runs, and the peak memory. Usage: logs.sh BIN MAKE-LOG [MEGABYTES
# [ROUNDS]]
set -eu
export LC_ALL=C

bin=$1
make_log=$2
megabytes=${3:-512}
rounds=${4:-7}
folder=$(mktemp -d "${TMPDIR:-/tmp}/pt-bench.XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM HUP

now() {
    date +%s%N
}

# time_of FUNCTION: the nanoseconds that a function below takes.
time_of() {
    start=$(now)
    "$1" >/dev/null
    echo $(($(now) - start))
}

# compare LIMIT WHAT COMMAND REFERENCE: prints the ratio of the best times; the two alternate.
compare() {
    best_ours=''
    best_theirs=''
    round=0
    while [ $round -lt "$rounds" ]; do
        theirs=$(time_of "$4")
        ours=$(time_of "$3")
        if [ -z "$best_ours" ] || [ "$ours" -lt "$best_ours" ]; then best_ours=$ours; fi
        if [ -z "$best_theirs" ] || [ "$theirs" -lt "$best_theirs" ]; then best_theirs=$theirs; fi
        round=$((round + 1))
    done
    awk -v ours="$best_ours" -v theirs="$best_theirs" -v limit="$1" -v what="$2" 'BEGIN {
        ratio = ours / theirs
        over = (ratio > limit) ? "  OVER" : ""
        printf "%-58s %5.2f  at most %.2f%s   (%d ms, reference %d ms)\n", what, ratio, limit, over, ours / 1e6, theirs / 1e6 }'
}

grep_text() { grep '^REPORT' "$folder/text" | cat; }
grep_mixed() { grep -E '^REPORT|"type":"platform.report"' "$folder/mixed" | cat; }
grep_events() { grep -o 'REPORT RequestId[^"]*' "$folder/events" | cat; }
# shellcheck disable=SC2002
cat_text() { cat "$folder/text" | cat; }
gzip_text() { gzip -dc "$folder/text.gz" | cat; }
parse_text() { "$bin/pt-logparse" "$folder/text" | cat; }
parse_pieces() { "$bin/pt-logparse" "$folder/pieces" | cat; }
grep_pieces() { grep '^REPORT' "$folder/pieces" | cat; }
parse_events() { "$bin/pt-logparse" "$folder/events" | cat; }
parse_gzip() { "$bin/pt-logparse" "$folder/text.gz" | cat; }
stats_text() { "$bin/pt-logparse" "$folder/text" | "$bin/pt-stats"; }
stats_mixed() { "$bin/pt-logparse" "$folder/mixed" | "$bin/pt-stats"; }
# shellcheck disable=SC2002
stats_pipe() { cat "$folder/text" | "$bin/pt-logparse" | "$bin/pt-stats"; }

# peak LIMIT WHAT COMMAND...: prints the peak memory of the command, from GNU time.
peak() {
    limit=$1 what=$2
    shift 2
    kilobytes=$(/usr/bin/time -f %M "$@" 2>&1 >"$folder/out" | tail -n 1)
    awk -v used="$kilobytes" -v limit="$limit" -v what="$what" 'BEGIN {
        over = (used > limit * 1024) ? "  OVER" : ""
        printf "%-58s %5.1f  at most %.1f MiB%s\n", what, used / 1024, limit, over }'
}

for form in text mixed events; do
    "$make_log" "$megabytes" "$form" >"$folder/$form"
done
gzip -1 -c "$folder/text" >"$folder/text.gz"

compare 0.35 "pt-logparse, over grep" parse_text grep_text
dd if="$folder/text" of="$folder/pieces" bs=4k 2>"$folder/out"
compare 0.45 "the same, a file just written in pieces of 4 KiB" parse_pieces grep_pieces
rm "$folder/pieces"
compare 0.55 "pt-logparse | pt-stats, over grep" stats_text grep_text
compare 0.55 "the same, 30 % JSON, over grep -E" stats_mixed grep_mixed
compare 1.3 "cat | pt-logparse | pt-stats, over cat | cat" stats_pipe cat_text
compare 1.0 "pt-logparse of filter-log-events, over grep -o" parse_events grep_events
compare 1.1 "pt-logparse of gzip, over gzip -dc" parse_gzip gzip_text
if [ -x /usr/bin/time ]; then
    peak 8 "peak memory of pt-logparse" "$bin/pt-logparse" "$folder/text"
    cp "$folder/out" "$folder/measurements"
    peak 8 "peak memory of pt-stats" "$bin/pt-stats" "$folder/measurements"
fi
