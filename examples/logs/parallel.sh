#!/bin/sh
# Large logs in parts, with GNU parallel: every part is read apart and leaves a partial sum; the partial sums add up to the same bytes as
# reading everything at once, whatever the split.
#
#     parallel.sh big.log                    one big file of text, in blocks, on all cores
#     parallel.sh a.log.gz b.log.gz ...      many files, a job each
#     SSHLOGIN=host1,host2,: parallel.sh ... the same over machines that have the pt- programs and the files
set -eu

if [ $# -eq 0 ]; then
    echo "usage: parallel.sh LOG..." >&2
    exit 2
fi

if [ $# -eq 1 ] && [ -z "${SSHLOGIN:-}" ]; then
    parallel --will-cite --pipepart -a "$1" --block 64M 'pt-logparse | pt-stats --partial --by functionName,power'
else
    parallel --will-cite ${SSHLOGIN:+--sshlogin "$SSHLOGIN"} \
        'pt-logparse {} | pt-stats --partial --by functionName,power' ::: "$@"
fi | pt-stats --merge
