# shellcheck shell=sh
# What every script of the driver begins with. It has set $driver_dir, the folder of this file; the programs are in
# PATH.
set -eu
own_umask=$(umask)
umask 077
# These variables change what cd prints and how the tools read their options.
unset CDPATH POSIXLY_CORRECT

# shellcheck source=share/driver/names.sh
. "$driver_dir/names.sh"
# shellcheck source=share/driver/messages.sh
. "$driver_dir/messages.sh"
# shellcheck source=share/driver/words.sh
. "$driver_dir/words.sh"
# shellcheck source=share/driver/command-line.sh
. "$driver_dir/command-line.sh"
# shellcheck source=share/driver/run-folder.sh
. "$driver_dir/run-folder.sh"
# shellcheck source=share/driver/lock.sh
. "$driver_dir/lock.sh"
# shellcheck source=share/driver/note-states.sh
. "$driver_dir/note-states.sh"
# shellcheck source=share/driver/signals.sh
. "$driver_dir/signals.sh"
# shellcheck source=share/driver/stages.sh
. "$driver_dir/stages.sh"
# shellcheck source=share/driver/local.sh
. "$driver_dir/local.sh"
# shellcheck source=share/driver/machine.sh
. "$driver_dir/machine.sh"
# shellcheck source=share/driver/before.sh
. "$driver_dir/before.sh"
# shellcheck source=share/driver/until-sure.sh
. "$driver_dir/until-sure.sh"
# shellcheck source=share/driver/gate.sh
. "$driver_dir/gate.sh"
# shellcheck source=share/driver/report.sh
. "$driver_dir/report.sh"
