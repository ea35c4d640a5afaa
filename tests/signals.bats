# The table of share/driver/signals.sh: what a run does after a signal, when a process is killed, and when its run
# directory disappears. tests/recovery.tap sends signals at each point of a run.

load helper
load servers
load runs

# cleaning_up [OPTION...]: starts a run and interrupts it; returns when the cleanup waits to delete a version, until the file
# "go" exists.
cleaning_up() {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    server=$ENDPOINT
    start_proxy "delete:1 before=until [ -e $BATS_TEST_TMPDIR/go ]; do sleep 0.02; done"
    ENDPOINT=$ADDRESS in_background --num 1000 --power-values 128,256 --payload '{"sleep":20}' "$@"
    until_true invoking
    kill -s "${signal:-INT}" "$pid"
    until_true grep -qs '"delete","phase":"intent"' "$RUN/journal.ndjson"
}

# ended_with STATUS MESSAGE...: lets the cleanup go on, and checks how the run ends.
ended_with() {
    touch "$BATS_TEST_TMPDIR/go"
    status_of "$pid"
    assert_equal "$status" "$1"
    shift
    assert_equal "$(cat "$BATS_TEST_TMPDIR/err")" "$(printf '%s\n' "$@" "power-tune: the records of the run are in '$RUN'")"
    ENDPOINT=$server
    assert_equal "$(state_of actor)" "$before"
}

# said N: true when the run has written N messages.
said() {
    [ "$(wc -l <"$BATS_TEST_TMPDIR/err")" -eq "$1" ]
}

restoring='power-tune: restoring the function; this takes a moment'

@test "Ctrl-C at a terminal, which reaches every process, restores the function and ends the run by the signal" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    cat >"$BATS_TEST_TMPDIR/session" <<END
power-tune --endpoint-url $ENDPOINT --region us-east-1 --no-progress --function actor --run-dir $RUN --num 1000 \
    --power-values 128,256 --payload '{"sleep":20}'
echo "ended with \$?"
END
    mkfifo "$BATS_TEST_TMPDIR/keys"
    env --default-signal=INT script -qec "bash $BATS_TEST_TMPDIR/session" /dev/null <"$BATS_TEST_TMPDIR/keys" >"$BATS_TEST_TMPDIR/screen" 2>&1 3>&- &
    session=$!
    exec 4>"$BATS_TEST_TMPDIR/keys"
    until_true invoking
    printf '\003' >&4
    until_true test -e "$RUN/finished"
    exec 4>&-
    wait "$session" || :
    # bash ends when its command was ended by Ctrl-C, so it prints no "ended with".
    run cat "$BATS_TEST_TMPDIR/screen"
    refute_output --partial 'ended with 0'
    refute_output --regexp 'cannot|incomplete'
    assert_equal "$(state_of actor)" "$before"
}

@test "Ctrl-C at a terminal ends a run on the embedded Lambda at once" {
    mkfifo "$BATS_TEST_TMPDIR/keys"
    env --default-signal=INT script -qec "power-tune --local $ACTOR --no-progress --run-dir $RUN --num 1000 --payload '{\"sleep\":20}'" /dev/null \
        <"$BATS_TEST_TMPDIR/keys" >"$BATS_TEST_TMPDIR/screen" 2>&1 3>&- &
    session=$!
    exec 4>"$BATS_TEST_TMPDIR/keys"
    until_true invoking
    printf '\003' >&4
    status_of "$session"
    exec 4>&-
    assert_equal "$status" 130
    run cat "$BATS_TEST_TMPDIR/screen"
    refute_output --regexp 'incomplete|cannot (restore|delete|list)'
}

@test "the paid invocations of a run that was interrupted or killed give a provisional answer" {
    start_local --no-verify --function "actor=$ACTOR"
    tune_slowly() {
        power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --no-progress --function actor --num 1000 --power-values 128,256 \
            --payload '{"sleep":10}' --run-dir "$1" 2>"$1.err" &
        pid=$!
        until grep -qs '"index":20,' "$1/invoke.ndjson"; do sleep 0.02; done
    }
    tune_slowly "$BATS_TEST_TMPDIR/stopped"
    kill -s TERM "$pid"
    wait "$pid" || :
    run -0 grep -c 'Provisional: the run was stopped before all sizes were measured\.$' "$BATS_TEST_TMPDIR/stopped.err"
    assert_output 1
    tune_slowly "$BATS_TEST_TMPDIR/killed"
    kill -s KILL "$pid"
    wait "$pid" || :
    run -0 --separate-stderr power-tune --recover "$BATS_TEST_TMPDIR/killed"
    assert_regex "$stderr" 'Provisional: the run was stopped before all sizes were measured\.'
    run -0 --separate-stderr power-tune --recover "$BATS_TEST_TMPDIR/killed" --quiet
    refute_regex "$stderr" Provisional
}

@test "Ctrl-C during the cleanup prints a message, and the cleanup continues to its end" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    server=$ENDPOINT
    start_proxy 'delete:1 hold=1500'
    ENDPOINT=$ADDRESS in_background --num 1000 --power-values 128,256 --payload '{"sleep":20}'
    until_true invoking
    kill -INT "$pid"
    until_true grep -qs '"delete","phase":"intent"' "$RUN/journal.ndjson"
    kill -INT "$pid"
    status_of "$pid"
    assert_equal "$status" 130
    assert_equal "$(cat "$BATS_TEST_TMPDIR/err")" "power-tune: restoring the function; this takes a moment
power-tune: the records of the run are in '$RUN'"
    ENDPOINT=$server
    assert_equal "$(state_of actor)" "$before"
}

@test "a third Ctrl-C within 2 s of the second stops the cleanup, with exit code 3 and the command that finishes it" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    start_proxy 'delete:1 hold=15000'
    ENDPOINT=$ADDRESS in_background --num 1000 --power-values 128,256 --payload '{"sleep":20}'
    until_true invoking
    kill -INT "$pid"
    until_true grep -qs '"delete","phase":"intent"' "$RUN/journal.ndjson"
    kill -INT "$pid"
    until_true test -s "$BATS_TEST_TMPDIR/err"
    kill -INT "$pid"
    status_of "$pid"
    assert_equal "$status" 3
    assert_equal "$(tail -n 1 "$BATS_TEST_TMPDIR/err")" \
        "power-tune: interrupted: cleanup is incomplete; to finish: power-tune --recover '$RUN'"
    run -0 power-tune --recover "$RUN" --endpoint-url "$ENDPOINT"
    assert_equal "$(state_of actor)" "$before"
}

@test "a signal during the cleanup of a successful run ends it by that signal, and the message names the result" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    start_proxy 'delete:2 hold=1000'
    ENDPOINT=$ADDRESS in_background --num 5 --power-values 128,256 --auto-optimize
    until_true grep -qs '"delete","phase":"intent","version":"2"' "$RUN/journal.ndjson"
    kill -TERM "$pid"
    status_of "$pid"
    assert_equal "$status" 143
    assert_equal "$(cat "$BATS_TEST_TMPDIR/out")" ''
    assert_equal "$(tail -n 1 "$BATS_TEST_TMPDIR/err")" "power-tune: the result is in '$RUN/result.json'"
    assert_equal "$(jq .power "$RUN/result.json" | grep -c -e 128 -e 256)" 1
    assert_equal "$(state_of actor)" "$before"
}

@test "when the terminal is closed, the function is restored" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    mkfifo "$BATS_TEST_TMPDIR/messages"
    cat "$BATS_TEST_TMPDIR/messages" >/dev/null 3>&- &
    reader=$!
    setsid power-tune --endpoint-url "$ENDPOINT" --region us-east-1 --function actor --run-dir "$RUN" --num 1000 \
        --power-values 128,256 --payload '{"sleep":20}' >/dev/null 2>"$BATS_TEST_TMPDIR/messages" 3>&- &
    pid=$!
    until_true invoking
    kill "$reader"
    kill -HUP -- "-$pid"
    status_of "$pid"
    assert_equal "$status" 129
    assert_equal "$(state_of actor)" "$before"
}

@test "a third Ctrl-C later than that only prints the message again" {
    # The driver asks this clock.
    mkdir "$BATS_TEST_TMPDIR/bin"
    # shellcheck disable=SC2016 # for the script
    printf '%s\n' '#!/bin/sh' '[ "$1" != +%s ] || exec cat "${0%/*}/clock"' "exec $(command -v date) \"\$@\"" >"$BATS_TEST_TMPDIR/bin/date"
    chmod +x "$BATS_TEST_TMPDIR/bin/date"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH
    echo 1000 >"$BATS_TEST_TMPDIR/bin/clock"
    cleaning_up
    kill -INT "$pid"
    until_true said 1
    echo 1003 >"$BATS_TEST_TMPDIR/bin/clock"
    kill -INT "$pid"
    until_true said 2
    ended_with 130 "$restoring" "$restoring"
}

@test "TERM and HUP during the cleanup print the message, however many they are" {
    signal=TERM cleaning_up
    kill -TERM "$pid"
    until_true said 1
    kill -HUP "$pid"
    until_true said 2
    ended_with 143 "$restoring" "$restoring"
}

@test "PIPE ends a run as TERM does, without a message" {
    signal=PIPE cleaning_up
    kill -PIPE "$pid"
    ended_with 141
}

@test "a signal to every process does not end the restoring or the deleting, and the run ends by it" {
    for signal in TERM HUP; do
        for call in update:3 delete:1; do
            RUN=$BATS_TEST_TMPDIR/$signal.$call
            start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
            before=$(state_of actor)
            # The first stage is killed before its second size, so that $LATEST is restored in the cleanup.
            faults=("$call before=kill -s $signal -- -\$(cat $BATS_TEST_TMPDIR/pid)")
            [ "$call" != update:3 ] || faults+=("update:2 before=pkill -KILL -f '^pt-apply publish .*$RUN/'" 'update:2 reset')
            start_proxy "${faults[@]}"
            # shellcheck disable=SC2016 # for the inner shell
            run --separate-stderr setsid sh -c 'echo "$$" >"$0"; exec "$@"' "$BATS_TEST_TMPDIR/pid" power-tune --endpoint-url "$ADDRESS" \
                --region us-east-1 --quiet --function actor --num 5 --power-values 128,256 --run-dir "$RUN"
            assert_equal "$call $status" "$call $((128 + $(kill -l "$signal")))"
            refute_regex "$stderr" 'cannot|incomplete'
            assert_equal "$(state_of actor)" "$before"
            stop_servers
            stop_local
        done
    done
}

@test "when a stage is killed, the others end without a message, and the function is restored" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    for stage in pt-invoke pt-logparse pt-stats; do
        RUN=$BATS_TEST_TMPDIR/$stage
        in_background --num 1000 --power-values 128,256 --payload '{"sleep":20}'
        until_true invoking
        until_true pkill -KILL -f "^$stage .*--record $RUN/${stage#pt-}.ndjson"
        status_of "$pid"
        assert_equal "$status" 1
        assert_equal "$(cat "$BATS_TEST_TMPDIR/out")" ''
        assert_equal "$(cat "$BATS_TEST_TMPDIR/err")" "power-tune: ${stage#pt-}: ended by signal 9
power-tune: the records of the run are in '$RUN'"
        assert_equal "$(state_of actor)" "$before"
    done
}

@test "after a signal to every process, the cleanup begins only when the stage that restores has ended" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    start_proxy "publish:1 before=kill -s TERM -- -\$(cat $BATS_TEST_TMPDIR/pid)" 'update:2 before=sleep 1'
    # shellcheck disable=SC2016 # for the inner shell
    run -143 --separate-stderr setsid sh -c 'echo "$$" >"$0"; exec "$@"' "$BATS_TEST_TMPDIR/pid" power-tune --endpoint-url "$ADDRESS" \
        --region us-east-1 --quiet --function actor --num 5 --power-values 128,256 --run-dir "$RUN"
    # The cleanup would have restored it a second time.
    assert_equal "$(grep -c '"class":"update"' "$BATS_TEST_TMPDIR/calls")" 2
    assert_equal "$(state_of actor)" "$before"
}

@test "a run directory that disappears ends the run, and the function is restored from memory" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    in_background --num 300 --power-values 128,256 --payload '{"sleep":10}'
    until_true invoking
    rm -rf "$RUN"
    status_of "$pid"
    assert_equal "$status" 1
    assert_equal "$(cat "$BATS_TEST_TMPDIR/out")" ''
    refute_regex "$(cat "$BATS_TEST_TMPDIR/err")" 'Illegal|only +of|cannot create|not found'
    assert_equal "$(state_of actor)" "$before"
}

@test "when only the driver is killed, its stages end with it, and --recover works at once" {
    start_local --no-verify --allow-host 127.0.0.1 --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    in_background --num 10000 --power-values 128,256 --payload '{"sleep":20}'
    until_true invoking
    kill -KILL "$(sed -n '1s/ .*//p' "$RUN/process")"
    status_of "$pid"
    run -0 power-tune --endpoint-url "$ENDPOINT" --recover "$RUN"
    assert_equal "$(state_of actor)" "$before"
    invoked=$(grep -c '"operation":"Invoke"' "$BATS_TEST_TMPDIR/record")
    sleep 0.3
    assert_equal "$(grep -c '"operation":"Invoke"' "$BATS_TEST_TMPDIR/record")" "$invoked"
}

@test "when the driver is killed while versions are published, \$LATEST is restored" {
    start_local --no-verify --allow-host 127.0.0.1 --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR" --memory 192 --publish-delay 300
    before=$(state_of actor)
    in_background --num 10000 --power-values 128,256,512,1024,1536,3008 --payload '{"sleep":20}'
    until_true grep -qs '"operation":"PublishVersion"' "$BATS_TEST_TMPDIR/record"
    kill -KILL "$(sed -n '1s/ .*//p' "$RUN/process")"
    status_of "$pid"
    run -0 power-tune --endpoint-url "$ENDPOINT" --recover "$RUN"
    assert_equal "$(state_of actor)" "$before"
}

@test "when the shell of a stage is killed, the cleanup begins only when the stage has ended" {
    start_local --no-verify --allow-host 127.0.0.1 --function "actor=$ACTOR" --memory 192
    before=$(state_of actor)
    start_proxy "invoke:1 before=sh -c 'kill -KILL \$(ps -o ppid= \$(pgrep -f \"^pt-invoke .*$RUN \"))'" 'invoke:2 before=sleep 2'
    run -1 --separate-stderr power-tune --endpoint-url "$ADDRESS" --region us-east-1 --quiet --function actor --num 5 \
        --power-values 128,256 --dry-run --run-dir "$RUN"
    assert_regex "$stderr" 'power-tune: invoke: ended by signal 9'
    assert_equal "$(grep -c '"type":"invocation"' "$RUN/invoke.ndjson")" 2
    # No version was deleted before the last invocation.
    assert_equal "$(jq -r 'select(.class == "invoke" or .class == "delete") | .class' "$BATS_TEST_TMPDIR/calls" | xargs)" \
        'invoke invoke delete delete'
    assert_equal "$(state_of actor)" "$before"
}
