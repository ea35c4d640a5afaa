# shellcheck shell=sh
# The names that the parts of the driver share, with their first values. Sourced by parts.sh, before all others.

readonly EXIT_FAILED=1 EXIT_USAGE=2 EXIT_NOT_RESTORED=3 EXIT_GATE=4
name=power-tune

# ---- the command line -----------------------------------------------------------------------------------------------

# The words of all lists (words.sh): options, by the program that takes them, and inputs.
#   aws        every program that sends requests
#   init, apply, invoke, stats, report, gate   the program of this name
#   pick       pt-pick and pt-advise; choose: pt-pick only; advise: pt-advise only
#   price      pt-stats, with logs only
#   fetch      pt-logs
#   passed     with several inputs: the power-tune of each
#   input      the inputs
#   again      the whole command line, for the script of another verb: a pipe can be opened only once
words=''
# How many inputs there are, the second one, whether one is standard input, and the pipe that became it.
input_count=0 second_input='' input_is_stdin='' input_pipe=''

# What to do: tune, or the script power-tune-VERB.
verb=tune

# The values of options that the driver itself needs; empty without the option.
function_given='' region='' local_dir='' handler='' run_dir='' recover_dir='' prune_days='' prices='' report='' summary=''
jobs=1 quiet='' no_progress='' force=''

# ---- a run ----------------------------------------------------------------------------------------------------------

# The folder of all runs and locks; the lock of the function; the run that had the lock before.
state_dir='' lock='' earlier=''
# The folder that check_own has checked, without links in its name.
folder=''
# The plan, and what it says: true or false.
plan='' run_id='' dry_run='' only_cold_starts='' until_sure='' optimizing=''
# Yes from the end of the Initializer until everything is restored.
begun=''
# The records that Branching begins with, in the run directory.
configurations=init.ndjson
# The exit code that a failure has determined so far.
failed=''
# How the last process that wait_for waited for has ended.
status=0
# The time, for notes.
now=''
# What note_end notes after success; empty: the beginning was not noted.
phase_of_success=''

# ---- processes and signals ------------------------------------------------------------------------------------------

# The first signal; yes when one has arrived since this was cleared.
signal='' interrupted=''
# The stages that run: NAME=PID, each with a space after it.
stages=''
# Yes from the beginning of the Cleaner; the process of pt-apply that restores.
cleaning='' apply_pid=''
# The embedded Lambda of --local.
local_pid=''
