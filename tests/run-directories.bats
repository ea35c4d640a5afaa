# Run directories and the state folder are data of the caller: never evaluated, and not accepted from others.

load helper

setup() {
    cd "$BATS_TEST_TMPDIR" || return
    FETCH=$ROOT/examples/functions/fetch
    # This looks like a run that must be restored.
    mkdir -m 700 run
    printf '%s\n' '{"type":"plan","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:f","functionName":"f","payloads":[]}' >run/init.ndjson
    printf '%s\n' '{"type":"journal","at":"20261123T171003Z","action":"update","phase":"intent","memorySizeMB":512}' >run/journal.ndjson
    : >run/options
    : >run/pick-options
    chmod 600 run/*
}

@test "the contents of a run directory are not evaluated" {
    local words
    # shellcheck disable=SC2016 # not to be expanded
    for words in '$(touch evil)' "'\$(touch evil)'" '--region=x$(touch evil)' '`touch evil`' '; touch evil' '--endpoint-url=http://127.0.0.1:1;touch evil'; do
        for file in options pick-options; do
            printf '%s\n' "$words" >run/$file
            run power-tune --recover run
            run power-tune --resume run
            : >run/$file
        done
    done
    assert_not_exists evil
}

assert_not_exists() {
    [ ! -e "$1" ] || fail "$1 is there"
}

@test "an unexpected option in a run directory is refused, and the message names its file" {
    for words in --local=/tmp/x 'x' --config=/tmp/x; do
        printf '%s\n' "$words" >run/options
        for verb in --recover --resume; do
            run -2 --separate-stderr power-tune $verb run
            assert_equal "$stderr" "power-tune: $PWD/run/options: unexpected word '$words'"
        done
    done
}

@test "a process id in a run directory that is not a number is ignored" {
    # shellcheck disable=SC2016 # not to be expanded
    printf '%s\n' '-1 (x) $(touch evil)' >run/process
    run power-tune --recover run --endpoint-url http://127.0.0.1:1
    assert_not_exists evil
}

@test "a run directory that others can change, or that contains links, is refused" {
    refused() {
        for verb in --recover --resume; do
            run -2 --separate-stderr power-tune $verb run
            assert_equal "$stderr" "power-tune: cannot use '$PWD/$1': it is a link, belongs to another user, or can be changed by others"
        done
    }
    chmod g+w run
    refused run
    chmod 707 run
    refused run
    chmod 700 run
    chmod o+w run/options
    refused run/options
    chmod 600 run/options
    ln -s /dev/null run/more
    refused run/more
    rm run/more
    mkdir -m 777 run/pipes
    refused run/pipes
}

@test "a run directory of another user is refused" {
    [ "$(id -u)" -eq 0 ] || skip "only root can give files away"
    chown 1 run/journal.ndjson
    run -2 --separate-stderr power-tune --recover run
    assert_equal "$stderr" "power-tune: cannot use '$PWD/run/journal.ndjson': it is a link, belongs to another user, or can be changed by others"
    chown 1 run
    run -2 --separate-stderr power-tune --recover run
    assert_equal "$stderr" "power-tune: cannot use '$PWD/run': it is a link, belongs to another user, or can be changed by others"
}

@test "a state folder that others can change is refused" {
    mkdir -p state/power-tune
    chmod 777 state/power-tune
    for verb in "--local $FETCH --num 5" --runs '--prune 1' '--recover --function f'; do
        # shellcheck disable=SC2086 # words
        run -2 --separate-stderr power-tune $verb
        assert_equal "$stderr" "power-tune: cannot use '$PWD/state/power-tune': it is a link, belongs to another user, or can be changed by others"
    done
}

@test "names cannot control the terminal: in messages, in --runs, with several inputs" {
    evil=$(printf 'x\033]0;owned\007\tb\302\233c\233d')
    run -2 --separate-stderr power-tune --recover "$evil"
    assert_equal "$stderr" "power-tune: the run directory 'x?]0;owned??b?c?d' does not exist"
    mkdir -p "state/power-tune/runs/$evil"
    touch "state/power-tune/runs/$evil/finished"
    printf 'f\033[31m\n' >"state/power-tune/runs/$evil/function"
    printf x >"state/power-tune/runs/$evil/init.ndjson"
    run -0 --separate-stderr power-tune --runs
    assert_equal "$output" "$PWD/state/power-tune/runs/x?]0;owned??b?c?d	f?[31m	failed, restored"
    : >"$evil.json"
    : >other.json
    run -2 --separate-stderr power-tune --local "$FETCH" "$evil.json" other.json
    assert_regex "$stderr" 'x\?]0;owned\?\?b\?c\?d: pt-init: '
    run grep -c "$(printf '[\033\007\233]')" <<<"$stderr$output"
    assert_equal "$output" 0
}

@test "a run that ended before it changed anything is listed as such, and pruned" {
    directory=state/power-tune/runs/20260101T000000Z-abcdef
    mkdir -p "$directory"
    touch -d '40 days ago' "$directory"
    run -0 --separate-stderr power-tune --runs
    assert_equal "$output" "$PWD/$directory		ended before it changed anything"
    run -0 --separate-stderr power-tune --prune 30
    assert_not_exists "$directory"
}

@test "--prune without any run succeeds" {
    run -0 --separate-stderr power-tune --prune 30
    assert_equal "$output$stderr" ''
    mkdir -p state/power-tune/runs
    run -0 --separate-stderr power-tune --prune 30
    assert_equal "$output$stderr" ''
}

@test "a file that appears in the run directory of a refused run stays, and the exit code is 2" {
    mkfifo input
    power-tune --local "$FETCH" --quiet --run-dir new - <input 2>err 3>&- &
    exec 4>input
    until [ -e new/function ] || [ -e new/local ]; do sleep 0.02; done
    touch new/.theirs
    echo '{' >&4
    exec 4>&-
    status=0
    wait "$!" || status=$?
    assert_equal "$status" 2
    assert_regex "$(cat err)" '^pt-init: standard input:'
    assert_equal "$(ls -A new)" .theirs
}

@test "--runs lists a run with --run-dir, as long as its folder is there" {
    run -0 --separate-stderr power-tune --quiet --local "$FETCH" --num 5 --power-values 128 --dry-run --run-dir elsewhere
    run -0 power-tune --runs
    assert_output "$PWD/elsewhere	arn:aws:lambda:us-east-1:123456789012:function:fetch	done: dry run"
    run -0 --separate-stderr power-tune --quiet --local "$FETCH" --num 5 --power-values 128 --dry-run \
        --run-dir "$XDG_STATE_HOME/power-tune/runs/named"
    run -0 power-tune --runs
    assert_line --index 0 "$XDG_STATE_HOME/power-tune/runs/named	arn:aws:lambda:us-east-1:123456789012:function:fetch	done: dry run"
    assert_equal "${#lines[@]}" 2
    rm -r elsewhere
    run -0 power-tune --runs
    assert_equal "${#lines[@]}" 1
    run -0 power-tune --prune 1
    assert_equal "$(ls "$XDG_STATE_HOME/power-tune/elsewhere")" ''
}

@test "--prune follows no links" {
    mkdir -p state/power-tune/runs outside
    touch -d '40 days ago' outside/finished
    ln -s "$PWD/outside" state/power-tune/runs/link
    run -0 --separate-stderr power-tune --prune 30
    [ -e outside/finished ]
}

@test "with a disk that is full at the start, no run directory is left" {
    full=$BATS_TEST_TMPDIR/full
    mkdir "$full"
    mount -t tmpfs -o size=4k,nr_inodes=4 none "$full" 2>/dev/null || skip "no file system can be mounted here"
    XDG_STATE_HOME=$full run -2 --separate-stderr power-tune --local "$FETCH" --num 5
    left=$(find "$full" -path '*runs/*' | wc -l)
    umount "$full"
    assert_equal "${#stderr_lines[@]} $left" '1 0'
}

@test "a relative run directory works with CDPATH set" {
    mkdir elsewhere
    CDPATH=$PWD/elsewhere:. run -0 --separate-stderr power-tune --local "$FETCH" --num 5 --power-values 512 --quiet --run-dir new
    [ -s new/result.json ]
}

@test "a new run directory that belongs to another user is refused" {
    [ "$(id -u)" -eq 0 ] || skip "only root can give files away"
    mkdir theirs
    chown 1 theirs
    run -2 --separate-stderr power-tune --local "$FETCH" --num 5 --run-dir theirs
    assert_equal "$stderr" "power-tune: cannot use '$PWD/theirs': it belongs to another user"
    assert_equal "$(ls -A theirs)" ''
}

@test "--recover and --resume use the folder that was checked, not the link that led to it" {
    ln -s run link
    printf '%s\n' --config=x >run/options
    run -2 --separate-stderr power-tune --recover link
    assert_equal "$stderr" "power-tune: $PWD/run/options: unexpected word '--config=x'"
}

@test "a run whose payload is in a file cannot be resumed, whichever of its payloads it is" {
    printf '%s\n' '{"type":"plan","functionArn":"arn:aws:lambda:us-east-1:123456789012:function:f","functionName":"f","payloads":[{"payload":"1","weight":1},{"payloadFile":"/etc/passwd","weight":1}]}' >run/init.ndjson
    run -2 --separate-stderr power-tune --resume run
    assert_regex "$stderr" 'disablePayloadLogs'
}
