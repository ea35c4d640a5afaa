# shellcheck shell=sh
# What is checked before a run: a mistake must not be found after the invocations were paid for. Sourced by
# parts.sh.

# Checks the options of pt-pick.
check_pick_options() {
    has pick || has choose || return 0
    (echo '{"type":"plan","dryRun":true}' | pick >/dev/null) || exit "$EXIT_USAGE"
}

# Checks the options of pt-invoke, which starts only after sizes were published.
check_invoke_options() {
    has invoke || return 0
    add_to last --version
    (exec_with 'invoke last' pt-invoke) >/dev/null || exit "$EXIT_USAGE"
}

# use_prices FILE: passes the file of prices to the stages that need prices.
use_prices() {
    add_to stats "--prices=$1"
    add_to invoke "--prices=$1"
    add_to report "--prices=$1"
}
