# shellcheck shell=sh
# The embedded Lambda of --local: pt-local, which starts and ends with the run. Sourced by parts.sh.

# Checks that the folder of --local has something that pt-local can run, which reports what is missing.
check_local() {
    [ -n "$local_dir" ] || [ -z "$handler" ] || die "$EXIT_USAGE" "option '--handler': works only with --local"
    [ -z "$local_dir" ] || pt-local ${handler:+"--handler=$handler"} --detect "$local_dir" >/dev/null || exit "$EXIT_USAGE"
}

# A random key of 48 hexadecimal digits.
random_key() {
    od -An -N 24 -tx1 /dev/urandom | tr -d ' \n'
}

# The embedded Lambda never gets the user's own keys. It accepts only the keys of this run. They are passed in
# the environment, because other users of the machine can see a command line.
use_local_keys() {
    unset AWS_PROFILE AWS_SESSION_TOKEN
    AWS_ACCESS_KEY_ID=$(random_key)
    AWS_SECRET_ACCESS_KEY=$(random_key)
    [ ${#AWS_SECRET_ACCESS_KEY} -eq 48 ] || die "$EXIT_FAILED" "cannot create keys for the embedded Lambda: cannot read /dev/urandom"
    export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION="${region:-${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}}"
}

# Starts the embedded Lambda for --local, and directs the stages to it.
start_local() {
    local_folder=$(cd -- "$local_dir" && pwd)
    local_name=$(printf '%s' "${local_folder##*/}" | tr -c 'A-Za-z0-9_-' '_')
    use_local_keys
    mkfifo "$run_dir/pipes/local"
    # $$ is not this process in a subshell.
    read -r own_pid _ </proc/self/stat
    pt-local --parent "$own_pid" ${quiet:+--quiet} --region "$AWS_REGION" --function "$local_name=$local_dir" \
        ${handler:+"--handler=$handler"} >"$run_dir/pipes/local" 9>&- &
    local_pid=$!
    read -r endpoint <"$run_dir/pipes/local" || end_without_local
    add_to aws "--endpoint-url=$endpoint"
    [ -n "$function_given" ] || add_to init "--function=$local_name"
    add_to invoke --margin=86400
    printf '%s\n' "$local_folder" >"$run_dir/local"
}

# Ends the program: the embedded Lambda did not start, or a signal came first.
end_without_local() {
    [ -n "$signal" ] || {
        wait_for "$local_pid"
        local_pid=''
        forget_run
        end "$status"
    }
    stop_local
    forget_run
    end_by_signal
}

# True when the run uses the embedded Lambda (--local) and that has ended or is about to: nothing needs to be
# restored.
local_is_over() {
    [ -n "$local_pid" ] || return 1
    [ -n "$signal" ] || ! kill -0 "$local_pid" 2>/dev/null
}

# Ends the embedded Lambda, if there is one.
stop_local() {
    [ -n "$local_pid" ] || return 0
    kill "$local_pid" 2>/dev/null || :
    wait_for "$local_pid"
    local_pid=''
}
