# shellcheck shell=sh
# An earlier run: its directory, its lock, and the options that it kept. Sourced by power-tune-recover and
# power-tune-resume.

# open_run_dir FOLDER: uses the run directory of an earlier run.
open_run_dir() {
    [ -d "$1" ] || die "$EXIT_USAGE" "the run directory '$1' does not exist"
    check_own "$1"
    run_dir=$folder
}

# take_kept FILE LIST: adds the options that keep_words saved to a list. Other options are refused: somebody may
# have changed the file.
take_kept() {
    [ -e "$run_dir/$1" ] || return 0
    while IFS= read -r word; do
        case $1,$word in
        options,--region=* | options,--profile=* | options,--endpoint-url=*) ;;
        pick-options,--limit=* | pick-options,--max-failures=* | pick-options,--seed=* | pick-options,--prior=*) ;;
        *) die "$EXIT_USAGE" "$run_dir/$1: unexpected word '$word'" ;;
        esac
        check_word "$word"
        add_to "$2" "$word"
    done <"$run_dir/$1"
}

# Prints how many seconds to wait for the lock: nothing when the driver of the run is alive. After it was
# killed, its stages end too, but pt-apply first restores $LATEST.
seconds_to_wait() {
    driver=$(sed -n '1s/^\([1-9][0-9]*\) .*/\1/p' "$run_dir/process" 2>/dev/null || :)
    kill -0 "${driver:-none}" 2>/dev/null || echo 10
}

# Takes the lock of the function of the earlier run, or ends the program.
lock_earlier() {
    lock_function "$(plan_member .functionArn)" "$(seconds_to_wait)" ||
        not_locked "$?" "$run_dir: this run, or another run of its function, is still running"
    has aws || take_kept options aws
}

# restore_earlier [PHASE]: restores what the run has left; for PHASE see note_start.
restore_earlier() {
    read_plan
    catch_signals
    note_start "$@"
    in_state Cleaner || end "$EXIT_NOT_RESTORED"
}
