# shellcheck shell=bash
# For tests of the console: starts one for the test, and sends requests with curl.

# start_console [OPTION...]: starts the console and sets CONSOLE to its address.
start_console() {
    await_address "$BATS_TEST_TMPDIR/console.log" pt-console "$@" || return
    CONSOLE=$ADDRESS CONSOLE_PID=$SERVER_PID
    CONSOLE_HOST=${CONSOLE#http://}
    CONSOLE_HOST=${CONSOLE_HOST%%/*}
    RUNS=$XDG_STATE_HOME/power-tune/runs
    export CONSOLE CONSOLE_PID CONSOLE_HOST RUNS
}

# Ends the console; fails when it reported an error of a sanitizer.
stop_console() {
    [ -n "${CONSOLE_PID:-}" ] || return 0
    kill "$CONSOLE_PID" 2>/dev/null || true
    wait "$CONSOLE_PID" 2>/dev/null || true
    CONSOLE_PID=
    ! grep -e Sanitizer -e 'runtime error' "$BATS_TEST_TMPDIR/console.log"
}

# Ends the runs that the test has started.
stop_runs() {
    local file pid
    for file in "${RUNS:-/nowhere}"/*/process; do
        [ -e "$file" ] || continue
        read -r pid _ <"$file"
        kill -TERM "$pid" 2>/dev/null || true
        while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
    done
}

# of_console PATH [CURL-OPTION...]: prints the body of a response; status_of_console prints the status.
of_console() {
    local path=$1
    shift
    curl -sS --path-as-is --max-time 30 "$@" "$CONSOLE$path"
}
status_of_console() {
    of_console "$@" -o /dev/null -w '%{http_code}'
}

# start_run LOCAL-FOLDER INPUT: starts a run and prints its name. The folder can be empty.
start_run() {
    of_console "api/runs?local=$1" --data-binary "$2" | jq -r .name
}

# wait_for_run NAME PHASE: waits until the run has reached the phase, at most a minute.
wait_for_run() {
    local tries=0
    until of_console api/runs | jq -e --arg name "$1" --arg phase "$2" 'any(.[]; .name == $name and .phase == $phase)' >/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || {
            of_console api/runs >&2
            cat "$RUNS/$1/messages" >&2
            return 1
        }
        sleep 0.1
    done
}

# kill_run NAME: kills the processes of the run, and waits until the console notices.
kill_run() {
    local pid
    read -r pid _ <"$RUNS/$1/process"
    kill -KILL -- "-$pid"
    wait_for_run "$1" killed
}
