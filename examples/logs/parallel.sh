#!/bin/sh
# Reads large logs in parts, with GNU parallel. Each part gives a partial sum, and the partial sums are merged. However the logs are
# divided, the result is byte for byte the same as from reading everything at once.
#
#     parallel.sh big.log                    one large text file, in blocks, on all cores
#     parallel.sh a.log.gz b.log.gz ...      many files, one job for each
#     SSHLOGIN=host1,host2,: parallel.sh ... the same on machines that have the pt- programs and the files
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
