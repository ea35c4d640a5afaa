#!/usr/bin/env bats
# shellcheck disable=SC2016 # the tested shells expand these words
# The completions of bash, zsh and fish, requested with the Tab key on a terminal.

load helper

setup() {
    COMPLETIONS=$ROOT/share/completions
    cd "$BATS_TEST_TMPDIR"
    mkdir home folder
    echo '{}' >input.json
    export HOME=$PWD/home
    printf '%s\n' '[default]' 'region = eu-west-1' '[profile work]' '[sso-session office]' '[profile "two words"]' >config
    printf '%s\n' '[keys]' >credentials
    export AWS_CONFIG_FILE=$PWD/config AWS_SHARED_CREDENTIALS_FILE=$PWD/credentials
}

# on_terminal SHELL...: runs the shell on a terminal; types standard input.
on_terminal() {
    timeout 60 script -qec "$*" /dev/null >screen 2>&1 3>&-
}

# pressed_in_bash KEYS...: types each, then turns the command line into one that writes its words to a file, one per line.
pressed_in_bash() {
    printf '%s\n' "PS1='> ' HISTFILE=" ". '$COMPLETIONS/power-tune.bash'" "bind 'set completion-query-items 0'" >bashrc
    : >words
    {
        for keys; do
            printf '%b' "$keys" '\x01' "printf '%s\\\\n' " '\x05' " >>words\n"
        done
        printf 'exit\n'
    } | on_terminal bash --noprofile --rcfile bashrc -i
    cat words
}

pressed_in_zsh() {
    mkdir -p functions
    cp "$COMPLETIONS/power-tune.zsh" functions/_power-tune
    printf '%s\n' "PS1='> '" "fpath=('$PWD/functions' \$fpath)" 'autoload -U compinit' 'compinit -D -u' 'bindkey -e' >"$HOME/.zshrc"
    : >words
    {
        for keys; do
            printf '%b' "$keys" '\x01' "printf '%s\\\\n' " '\x05' " >>words\n"
        done
        printf 'exit\n'
    } | env ZDOTDIR="$HOME" bash -c "$(declare -f on_terminal)"'; on_terminal zsh -d -i'
    cat words
}

in_fish() {
    fish --no-config -c "source '$COMPLETIONS/power-tune.fish'; complete -C '$1'"
}

# The options of --help, extracted differently than the completions do.
options_of_help() {
    "$1" --help | grep -E '^ +--' | grep -oE -- '--[a-z][a-z0-9-]*' | sort -u
}

programs() {
    for source in "$ROOT"/src/pt-*.c; do
        basename "$source" .c
    done
    echo power-tune
}

@test "bash completes options, strategies, profiles, regions, folders and files" {
    run -0 pressed_in_bash 'power-tune --strat\t' 'power-tune --strategy sp\t' 'power-tune --strategy=bal\t' \
        'power-tune --profile wo\t' 'power-tune --profile tw\t' 'power-tune --profile k\t' 'power-tune --region eu-south-1\t' \
        'power-tune --local fo\t' 'power-tune inp\t' 'pt-stats --arch\tx\t' 'power-tune --architecture ar\t'
    assert_output "$(printf '%s\n' power-tune --strategy power-tune --strategy speed power-tune --strategy=balanced \
        power-tune --profile work power-tune --profile 'two words' power-tune --profile keys power-tune --region eu-south-1 \
        power-tune --local folder/ power-tune input.json pt-stats --architecture x86_64 power-tune --architecture arm64)"
}

@test "bash completes the regions with known prices, and does not complete an SSO session as a profile" {
    # Escape and asterisk insert all possible completions.
    run -0 pressed_in_bash 'power-tune --region \x1b*' 'power-tune --profile \x1b*'
    assert_output "$(printf '%s\n' power-tune --region && jq -r '.regions | keys[]' "$ROOT/share/prices.json" &&
        printf '%s\n' power-tune --profile default keys 'two words' work)"
}

@test "bash completes unfinished run directories" {
    runs=$XDG_STATE_HOME/power-tune/runs
    mkdir -p "$runs/20260101T000000Z-dead" "$runs/20260102T000000Z-done"
    echo "{}" >"$runs/20260101T000000Z-dead/init.ndjson"
    touch "$runs/20260102T000000Z-done/finished"
    run -0 pressed_in_bash "power-tune --recover $runs/2\\t" 'power-tune --resume \x1b*'
    assert_line --index 2 --partial "$runs/2026010"
    run -0 pressed_in_bash 'pt-report \x1b*'
    assert_line "$runs/20260102T000000Z-done"
    assert_equal "$(sh "$COMPLETIONS/words.sh" "$PT_BIN" arguments power-tune --resume | head -n 1)" "$runs/20260101T000000Z-dead"
}

@test "bash completes the options of every program as in --help" {
    for program in $(programs); do
        assert_equal "$program: $(pressed_in_bash "$program --\\x1b*" | tail -n +2 | sort)" "$program: $(options_of_help "$program")"
    done
}

@test "the driver's table of options has those of --help, and takes an argument where --help names one" {
    run -0 sh "$COMPLETIONS/words.sh" "$PT_BIN" options power-tune
    assert_equal "$(sed -n "/^option_table='/,/^'/p" "$ROOT/share/driver/command-line.sh" | sed '1d; $d' |
        awk '{ print "--" $1, ($2 == "value" || $2 == "optional") }' | sort)" \
        "$(awk -F '\t' '{ print $1, ($2 != "") }' <<<"$output" | sort)"
}

@test "zsh completes options, strategies, profiles, regions, folders and files" {
    command -v zsh >/dev/null || skip 'zsh is not installed'
    run -0 pressed_in_zsh 'power-tune --strat\t' 'power-tune --strategy sp\t' 'power-tune --strategy=bal\t' \
        'power-tune --profile wo\t' 'power-tune --region eu-south-1\t' 'power-tune --local fo\t' 'power-tune inp\t'
    # zsh removes the slash when a space follows.
    assert_output "$(printf '%s\n' power-tune --strategy power-tune --strategy speed power-tune --strategy=balanced \
        power-tune --profile work power-tune --region eu-south-1 power-tune --local folder power-tune input.json)"
}

@test "zsh and bash complete all programs" {
    for program in $(programs); do
        grep -qw -- "$program" <(head -n 1 "$COMPLETIONS/power-tune.zsh") || fail "zsh: $program"
        grep -qw -- "$program" <(grep '^complete ' "$COMPLETIONS/power-tune.bash") || fail "bash: $program"
        grep -qw -- "$program" <(grep '^for program' "$COMPLETIONS/power-tune.fish") || fail "fish: $program"
    done
}

@test "fish completes the options of every program as in --help" {
    command -v fish >/dev/null || skip 'fish is not installed'
    for program in $(programs); do
        assert_equal "$program: $(in_fish "$program --" | cut -f 1 | sort)" "$program: $(options_of_help "$program")"
    done
}

@test "fish completes strategies, profiles, regions, folders and files" {
    command -v fish >/dev/null || skip 'fish is not installed'
    assert_equal "$(in_fish 'power-tune --strategy ' | sort)" "$(printf '%s\n' balanced cost speed)"
    assert_equal "$(in_fish 'power-tune --strategy=s')" --strategy=speed
    assert_equal "$(in_fish 'power-tune --profile ' | sort)" "$(printf '%s\n' default keys 'two words' work)"
    assert_equal "$(in_fish 'power-tune --region eu-south-')" "$(jq -r '.regions | keys[]' "$ROOT/share/prices.json" | grep '^eu-south-')"
    assert_equal "$(in_fish 'power-tune --local fo')" folder/
    assert_equal "$(in_fish 'power-tune inp')" input.json
}
