# shellcheck shell=sh
# What every script of the driver begins with. It has set $driver_dir, the folder of this file; the programs are in
# PATH.
set -eu
own_umask=$(umask)
umask 077
# These variables change what cd prints and how the tools read their options.
unset CDPATH POSIXLY_CORRECT
# A file or a pipe that is opened later must not take the place of a standard descriptor that is closed. Closed
# standard output is reported when the result is printed.
(exec 3<&0) 2>/dev/null || exec </dev/null
(exec 3>&2) || exec 2>/dev/null

. "$driver_dir/names.sh"
. "$driver_dir/messages.sh"
. "$driver_dir/words.sh"
. "$driver_dir/command-line.sh"
. "$driver_dir/run-folder.sh"
. "$driver_dir/lock.sh"
. "$driver_dir/note-states.sh"
. "$driver_dir/signals.sh"
. "$driver_dir/stages.sh"
. "$driver_dir/local.sh"
. "$driver_dir/machine.sh"
. "$driver_dir/before.sh"
. "$driver_dir/until-sure.sh"
. "$driver_dir/gate.sh"
. "$driver_dir/report.sh"
