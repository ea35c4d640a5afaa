#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell of its own; run sets stderr
# The sources of credentials. The servers are tests/programs/fake-aws, over real sockets.

load helper

setup() {
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    export HOME=$BATS_TEST_TMPDIR
    export AWS_CONFIG_FILE=$BATS_TEST_TMPDIR/config AWS_SHARED_CREDENTIALS_FILE=$BATS_TEST_TMPDIR/credentials
    export AWS_REGION=eu-west-1
    LOG=$BATS_TEST_TMPDIR/requests
    : >"$AWS_CONFIG_FILE"
    : >"$AWS_SHARED_CREDENTIALS_FILE"
    : >"$LOG"
}

teardown() {
    stop_server
}

stop_server() {
    [ -z "${SERVER_PID:-}" ] || kill "$SERVER_PID"
    SERVER_PID=
    : >"$LOG"
}

# start_server [OPTION...]: starts fake-aws, and sets SERVER and the endpoint of STS to its address.
start_server() {
    await_address "$BATS_TEST_TMPDIR/servers.log" "$PROGRAMS/fake-aws" --log "$LOG" "$@"
    SERVER=$ADDRESS
    export AWS_ENDPOINT_URL_STS=$SERVER
}

config() {
    cat >"$AWS_CONFIG_FILE"
}

keys() {
    printf '[%s]\naws_access_key_id = AKIDFILE\naws_secret_access_key = secret\n' "$1" >"$AWS_SHARED_CREDENTIALS_FILE"
}

# gives STATUS OUTPUT OPTION...: runs the credentials program and compares its whole output, or its whole standard error.
gives() {
    local code=$1 wanted=$2
    shift 2
    run "-$code" --separate-stderr "$PROGRAMS/credentials" "$@"
    if [ "$code" -eq 0 ]; then assert_equal "$output" "$wanted"; else assert_equal "$stderr" "$wanted"; fi
}

found() {
    printf '{"id":"%s","secret":"%s","expires":false,"source":"%s"}' "$@"
}

temporary() {
    printf '{"id":"ASIA%s","secret":"secret%s","token":"token%s","expires":true,"source":"%s"}' "$1" "$1" "$1" "$2"
}

@test "keys from the environment come first, with their session token" {
    keys default
    export AWS_ACCESS_KEY_ID=AKIDENV AWS_SECRET_ACCESS_KEY=s
    gives 0 "$(found AKIDENV s environment)"
    AWS_SESSION_TOKEN=t gives 0 '{"id":"AKIDENV","secret":"s","token":"t","expires":false,"source":"environment"}'
}

@test "keys from the environment take precedence over AWS_PROFILE, but not over --profile" {
    keys work
    export AWS_ACCESS_KEY_ID=AKIDENV AWS_SECRET_ACCESS_KEY=s AWS_PROFILE=work
    gives 0 "$(found AKIDENV s environment)"
    gives 0 "$(found AKIDFILE secret "profile 'work' in '$AWS_SHARED_CREDENTIALS_FILE'")" --profile work
}

@test "an incomplete pair of keys is an error and ends the search" {
    keys default
    AWS_ACCESS_KEY_ID=AKID gives 1 \
        "credentials: credentials: environment: AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"
    printf '[default]\naws_access_key_id = AKID\n' >"$AWS_SHARED_CREDENTIALS_FILE"
    gives 1 "credentials: credentials: profile 'default': profile 'default' in '$AWS_SHARED_CREDENTIALS_FILE' has aws_access_key_id, but no aws_secret_access_key"
}

@test "when no source has credentials, each is named with the reason" {
    gives 1 "credentials: no credentials: environment: AWS_ACCESS_KEY_ID is not set; profile 'default': nothing in '$AWS_SHARED_CREDENTIALS_FILE' and '$AWS_CONFIG_FILE'; container: not in a container; instance metadata: disabled by AWS_EC2_METADATA_DISABLED"
}

@test "a missing shared file is named" {
    rm "$AWS_SHARED_CREDENTIALS_FILE"
    run -1 --separate-stderr "$PROGRAMS/credentials"
    assert_regex "$stderr" "; profile 'default': nothing in '$AWS_SHARED_CREDENTIALS_FILE' \\(No such file or directory\\) and '$AWS_CONFIG_FILE';"
    rm "$AWS_CONFIG_FILE"
    run -1 --separate-stderr "$PROGRAMS/credentials"
    assert_regex "$stderr" " and '$AWS_CONFIG_FILE' \\(No such file or directory\\);"
}

@test "the credentials file takes precedence over the config file, which is sufficient alone" {
    config <<'EOF'
[profile work]
aws_access_key_id = AKIDCONFIG
aws_secret_access_key = s
EOF
    gives 0 "$(found AKIDCONFIG s "profile 'work' in '$AWS_CONFIG_FILE'")" --profile work
    keys work
    gives 0 "$(found AKIDFILE secret "profile 'work' in '$AWS_SHARED_CREDENTIALS_FILE'")" --profile work
}

@test "a missing profile is an error before anything else" {
    gives 2 "credentials: --profile: profile 'work' not found in '$AWS_CONFIG_FILE' or '$AWS_SHARED_CREDENTIALS_FILE'" --profile work
}

@test "a role is assumed once with the keys of its source_profile, and then read from the cache" {
    start_server
    keys base
    config <<'EOF'
[profile work]
role_arn = arn:aws:iam::1:role/r
source_profile = base
external_id = e x
role_session_name = me
duration_seconds = 1800
EOF
    gives 0 "$(temporary 1 "profile 'work' (role arn:aws:iam::1:role/r)")" --profile work
    gives 0 "$(temporary 1 "profile 'work' (role arn:aws:iam::1:role/r)")" --profile work
    assert_equal "$(cat "$LOG")" \
        'POST / AKIDFILE Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&RoleSessionName=me&ExternalId=e%20x&DurationSeconds=1800'
    assert_equal "$(stat -c %a "$HOME"/.aws/cli/cache/*.json)" 600
}

@test "the cache is shared with the aws command, in both directions" {
    aws --version >/dev/null 2>&1 || skip 'the aws command is not installed'
    start_server
    keys base
    config <<'EOF'
[profile ours]
role_arn = arn:aws:iam::1:role/ours
source_profile = base
role_session_name = me
external_id = x/"y"
duration_seconds = 3600
[profile theirs]
role_arn = arn:aws:iam::1:role/theirs
source_profile = base
EOF
    gives 0 "$(temporary 1 "profile 'ours' (role arn:aws:iam::1:role/ours)")" --profile ours
    export AWS_DEFAULT_REGION=eu-west-1
    aws sts get-caller-identity --profile ours
    aws sts get-caller-identity --profile theirs
    gives 0 "$(temporary 2 "profile 'theirs' (role arn:aws:iam::1:role/theirs)")" --profile theirs
    assert_equal "$(sed 's/\(Action=[A-Za-z]*\).*/\1/' "$LOG")" "$(
        cat <<'EOF'
POST / AKIDFILE Action=AssumeRole
POST / ASIA1 Action=GetCallerIdentity
POST / AKIDFILE Action=AssumeRole
POST / ASIA2 Action=GetCallerIdentity
EOF
    )"
}

@test "in a chain of roles, each is assumed with the credentials of the one before" {
    start_server
    keys base
    config <<'EOF'
[profile last]
role_arn = arn:aws:iam::1:role/last
source_profile = middle
[profile middle]
role_arn = arn:aws:iam::1:role/middle
source_profile = base
EOF
    gives 0 "$(temporary 2 "profile 'last' (role arn:aws:iam::1:role/last)")" --profile last
    assert_equal "$(sed 's/&RoleSessionName.*//; s/Action.*RoleArn=//' "$LOG")" \
        "$(printf 'POST / AKIDFILE arn%%3Aaws%%3Aiam%%3A%%3A1%%3Arole%%2Fmiddle\nPOST / ASIA1 arn%%3Aaws%%3Aiam%%3A%%3A1%%3Arole%%2Flast')"
}

@test "credential_source may be the environment" {
    start_server
    config <<'EOF'
[profile work]
role_arn = arn:aws:iam::1:role/r
credential_source = environment
EOF
    AWS_ACCESS_KEY_ID=AKIDENV AWS_SECRET_ACCESS_KEY=s \
        gives 0 "$(temporary 1 "profile 'work' (role arn:aws:iam::1:role/r)")" --profile work
    assert_regex "$(cat "$LOG")" '^POST / AKIDENV '
}

@test "a profile with keys may be its own source_profile" {
    start_server
    config <<'EOF'
[default]
role_arn = arn:aws:iam::1:role/r
source_profile = default
aws_access_key_id = AKIDSELF
aws_secret_access_key = s
EOF
    gives 0 "$(temporary 1 "profile 'default' (role arn:aws:iam::1:role/r)")"
    assert_regex "$(cat "$LOG")" '^POST / AKIDSELF '
}

@test "source_profile loops, missing source profiles and contradictory settings are refused" {
    config <<'EOF'
[profile a]
role_arn = arn:aws:iam::1:role/a
source_profile = b
[profile b]
role_arn = arn:aws:iam::1:role/b
source_profile = a
[profile lost]
role_arn = arn:aws:iam::1:role/a
source_profile = nobody
[profile both]
role_arn = arn:aws:iam::1:role/a
source_profile = a
credential_source = Environment
[profile neither]
role_arn = arn:aws:iam::1:role/a
[profile odd]
role_arn = arn:aws:iam::1:role/a
credential_source = Moon
[profile poor]
role_arn = arn:aws:iam::1:role/a
source_profile = empty
[profile empty]
region = eu-west-1
EOF
    gives 1 "credentials: credentials: profile 'a': profile 'b': source_profile 'a' creates a loop" --profile a
    gives 1 "credentials: credentials: profile 'lost': profile 'lost': source_profile 'nobody' does not exist" --profile lost
    gives 1 "credentials: credentials: profile 'both': profile 'both' has a role_arn and both source_profile and credential_source" --profile both
    gives 1 "credentials: credentials: profile 'neither': profile 'neither' has a role_arn and neither source_profile nor credential_source" --profile neither
    gives 1 "credentials: credentials: profile 'odd': profile 'odd': credential_source 'Moon' is not Environment, EcsContainer or Ec2InstanceMetadata" --profile odd
    run -1 --separate-stderr "$PROGRAMS/credentials" --profile poor
    assert_regex "$stderr" "^credentials: credentials: profile 'poor': the source_profile 'empty' has no credentials: "
}

@test "when a role cannot be assumed, AWS's message is printed; a transient error is retried" {
    keys base
    config <<'EOF'
[profile work]
role_arn = arn:aws:iam::1:role/r
source_profile = base
EOF
    start_server --errors 1:403:AccessDenied
    gives 1 "credentials: credentials: profile 'work': cannot assume the role arn:aws:iam::1:role/r of profile 'work': AccessDenied: as asked for" --profile work
    kill "$SERVER_PID"
    start_server --errors 2:500:InternalFailure
    gives 0 "$(temporary 1 "profile 'work' (role arn:aws:iam::1:role/r)")" --profile work
}

# ask_for_code OPTION...: runs the credentials program on a terminal and types a code at the prompt; sets shown.
ask_for_code() {
    local word=''
    shown=''
    coproc TERMINAL { script -qec "$PROGRAMS/credentials --profile work $*" /dev/null; }
    exec {answers}<&"${TERMINAL[0]}"
    until [ "$word" = arn:aws:iam::1:mfa/me: ]; do
        read -r -d ' ' word <&"$answers"
        shown+="$word "
    done
    echo 123456 >&"${TERMINAL[1]}"
    shown+=$(tr -d '\r' <&"$answers")
}

profile_with_device() {
    keys base
    config <<'EOF'
[profile work]
role_arn = arn:aws:iam::1:role/r
source_profile = base
mfa_serial = arn:aws:iam::1:mfa/me
EOF
}

@test "an MFA code is requested on the terminal, read without echo, and sent" {
    command -v script >/dev/null || skip 'script (util-linux) is not installed'
    start_server
    profile_with_device
    ask_for_code
    assert_equal "$shown" "Enter MFA code for arn:aws:iam::1:mfa/me: 
$(temporary 1 "profile 'work' (role arn:aws:iam::1:role/r)")"
    assert_regex "$(cat "$LOG")" '&SerialNumber=arn%3Aaws%3Aiam%3A%3A1%3Amfa%2Fme&TokenCode=123456$'
    gives 0 "$(temporary 1 "profile 'work' (role arn:aws:iam::1:role/r)")" --profile work
}

@test "during a run no second MFA code is requested" {
    command -v script >/dev/null || skip 'script (util-linux) is not installed'
    start_server
    profile_with_device
    ask_for_code --times 2 --refuse
    assert_equal "$shown" "Enter MFA code for arn:aws:iam::1:mfa/me: 
$(temporary 1 "profile 'work' (role arn:aws:iam::1:role/r)")
credentials: credentials: cannot renew the credentials from profile 'work' (role arn:aws:iam::1:role/r): profile 'work' needs a new MFA code"
}

@test "an MFA code needs a terminal" {
    profile_with_device
    run -1 --separate-stderr setsid -w "$PROGRAMS/credentials" --profile work
    assert_equal "$stderr" "credentials: credentials: profile 'work': profile 'work' needs an MFA code, which can be entered only on a terminal"
}

@test "web identity sends the token from the file unsigned, as the environment or the profile says" {
    start_server
    echo the.token >"$BATS_TEST_TMPDIR/token"
    AWS_WEB_IDENTITY_TOKEN_FILE=$BATS_TEST_TMPDIR/token AWS_ROLE_ARN=arn:aws:iam::1:role/w AWS_ROLE_SESSION_NAME=ci \
        gives 0 "$(temporary 1 'web identity (role arn:aws:iam::1:role/w)')"
    config <<EOF
[profile pod]
web_identity_token_file = $BATS_TEST_TMPDIR/token
role_arn = arn:aws:iam::1:role/p
role_session_name = pod
EOF
    gives 0 "$(temporary 2 'web identity (role arn:aws:iam::1:role/p)')" --profile pod
    assert_equal "$(cat "$LOG")" "$(
        cat <<'EOF'
POST / - Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fw&RoleSessionName=ci&WebIdentityToken=the.token
POST / - Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fp&RoleSessionName=pod&WebIdentityToken=the.token
EOF
    )"
}

@test "web identity without its token file or its role is an error" {
    AWS_WEB_IDENTITY_TOKEN_FILE=/nowhere AWS_ROLE_ARN=arn:aws:iam::1:role/w \
        gives 1 "credentials: credentials: profile 'default': cannot read the web identity token '/nowhere': No such file or directory"
    AWS_WEB_IDENTITY_TOKEN_FILE=/nowhere \
        gives 1 "credentials: credentials: profile 'default': a web identity token file without a role: set AWS_ROLE_ARN or role_arn"
}

@test "when web identity is refused, AWS's message is printed; a transient error is retried twice" {
    local where="credentials: credentials: profile 'default'" found
    found=$(temporary 1 'web identity (role arn:aws:iam::1:role/w)')
    echo the.token >"$BATS_TEST_TMPDIR/token"
    export AWS_WEB_IDENTITY_TOKEN_FILE=$BATS_TEST_TMPDIR/token AWS_ROLE_ARN=arn:aws:iam::1:role/w
    for error in 400:InvalidIdentityToken 400:ExpiredTokenException 403:AccessDenied; do
        start_server --errors "1:$error"
        gives 1 "$where: ${error#*:}: as asked for"
        assert_equal "$(wc -l <"$LOG")" 1
        stop_server
    done
    for error in 400:IDPCommunicationError 500:InternalFailure 429:Slower 400:Throttling; do
        start_server --errors "2:$error"
        gives 0 "$found"
        assert_equal "$(wc -l <"$LOG")" 3
        rm -r "$HOME/.aws"
        stop_server
    done
    start_server --errors 3:502:
    gives 1 "$where: HTTP status 502 without an error message"
    stop_server
    run -1 --separate-stderr "$PROGRAMS/credentials"
    assert_regex "$stderr" "^$where: $SERVER/: .*onnect"
    AWS_REGION=x/y gives 1 "$where: 'x/y' is not the name of a region"
}

@test "a response of STS without the requested data is an error" {
    start_server --empty
    keys base
    config <<'EOF'
[profile work]
role_arn = arn:aws:iam::1:role/r
source_profile = base
[profile keys]
aws_access_key_id = AKID
aws_secret_access_key = s
EOF
    gives 1 "credentials: credentials: profile 'work': cannot assume the role arn:aws:iam::1:role/r of profile 'work': the response of STS contains no credentials" --profile work
    gives 1 'credentials: the response of STS contains no ARN' --profile keys --identity
    AWS_REGION=x/y AWS_ENDPOINT_URL_STS='' gives 1 "credentials: 'x/y' is not the name of a region" --profile keys --identity
    echo the.token >"$BATS_TEST_TMPDIR/token"
    AWS_WEB_IDENTITY_TOKEN_FILE=$BATS_TEST_TMPDIR/token AWS_ROLE_ARN=arn:aws:iam::1:role/w \
        gives 1 "credentials: credentials: profile 'default': the response of STS contains no credentials"
}

@test "without a region, a role is assumed in its own partition" {
    keys base
    unset AWS_REGION
    export HTTPS_PROXY=http://127.0.0.1:1 AWS_MAX_ATTEMPTS=1
    while read -r partition host; do
        printf '[profile work]\nrole_arn = arn:%s:iam::1:role/r\nsource_profile = base\n' "$partition" >"$AWS_CONFIG_FILE"
        run -1 --separate-stderr "$PROGRAMS/credentials" --profile work
        assert_regex "$stderr" "cannot assume the role arn:$partition:iam::1:role/r of profile 'work': https://$host: .*127.0.0.1 port 1"
    done <<'EOF'
aws sts.amazonaws.com
aws-cn sts.cn-northwest-1.amazonaws.com.cn
aws-us-gov sts.us-gov-west-1.amazonaws.com
aws-iso sts.us-iso-east-1.c2s.ic.gov
aws-iso-b sts.us-isob-east-1.sc2s.sgov.gov
EOF
    AWS_REGION=eu-west-1 run -1 --separate-stderr "$PROGRAMS/credentials" --profile work
    assert_regex "$stderr" ": https://sts.eu-west-1.amazonaws.com: "
}

# process LINES...: writes a credential_process, a shell script with these lines.
process() {
    printf '%s\n' '#!/bin/sh' "$@" >"$BATS_TEST_TMPDIR/a process"
    chmod +x "$BATS_TEST_TMPDIR/a process"
    printf '[default]\ncredential_process = "%s" one '"'two words'"'\n' "$BATS_TEST_TMPDIR/a process" >"$AWS_CONFIG_FILE"
}

@test "credential_process is split into words as in a shell and gets empty standard input" {
    # shellcheck disable=SC2016 # for the process to expand
    process 'cat' 'printf '"'"'{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s-%s"}'"'"' "$1" "$2" "$#"'
    run -0 --separate-stderr "$PROGRAMS/credentials" <<<'a record that is not for the process'
    assert_equal "$output" "$(found one 'two words-2' "profile 'default' (credential_process)")"
}

@test "credential_process gets no descriptor of the caller, such as a lock, which a daemon would keep" {
    # shellcheck disable=SC2016 # for the process to expand
    process 'printf '"'"'{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s"}'"'"' "$(ls /proc/$$/fd | tr "\n" -)" key'
    run -0 --separate-stderr "$PROGRAMS/credentials" 7>"$BATS_TEST_TMPDIR/lock"
    assert_regex "$output" '"id":"0-1-'
    [[ $output != *-7-* ]]
}

@test "a credential_process that does not exit is killed with its children" {
    # shellcheck disable=SC2016 # for the process to expand
    process 'sleep 1000 & echo "$!" >"$0.child"' 'echo "waiting for the key" >&2' 'wait'
    export POWER_TUNE_CREDENTIAL_PROCESS_SECONDS=1
    gives 1 "credentials: credentials: profile 'default': credential_process '$BATS_TEST_TMPDIR/a process': no exit within 1 s; killed: waiting for the key"
    # The process that adopts it may take some time to reap it.
    child=$(cat "$BATS_TEST_TMPDIR/a process.child")
    while grep -q '^State:.[^Z]' "/proc/$child/status" 2>/dev/null; do sleep 0.01; done
}

@test "errors of credential_process are reported" {
    process 'echo "locked: ask again" >&2' 'exit 3'
    gives 1 "credentials: credentials: profile 'default': credential_process '$BATS_TEST_TMPDIR/a process': exit status 3: locked: ask again"
    process 'echo "{\"Version\":2}"'
    gives 1 "credentials: credentials: profile 'default': credential_process '$BATS_TEST_TMPDIR/a process': its output has no \"Version\": 1"
    process 'echo "{\"Version\":1,\"AccessKeyId\":\"a\"}"'
    gives 1 "credentials: credentials: profile 'default': credential_process '$BATS_TEST_TMPDIR/a process': the response has no SecretAccessKey"
    process 'echo nonsense'
    gives 1 "credentials: credentials: profile 'default': credential_process '$BATS_TEST_TMPDIR/a process': its output is not a JSON object"
    rm "$BATS_TEST_TMPDIR/a process"
    gives 1 "credentials: credentials: profile 'default': credential_process '$BATS_TEST_TMPDIR/a process': No such file or directory"
    process 'echo "{\"Version\":1,\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"b\",\"Expiration\":\"2020-01-01T00:00:00Z\"}"'
    gives 1 "credentials: credentials: profile 'default': the credentials from profile 'default' (credential_process) have expired"
    printf '[default]\ncredential_process = "open\n' >"$AWS_CONFIG_FILE"
    gives 1 "credentials: credentials: profile 'default': credential_process of profile 'default': a quote is not closed"
}

@test "SSO uses the aws command" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    cat >"$BATS_TEST_TMPDIR/bin/aws" <<'EOF'
#!/bin/sh
printf '{"Version":1,"AccessKeyId":"ASIASSO","SecretAccessKey":"%s"}' "$*"
EOF
    chmod +x "$BATS_TEST_TMPDIR/bin/aws"
    printf '[profile sso]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n' >"$AWS_CONFIG_FILE"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH gives 0 "$(found ASIASSO 'configure export-credentials --format process --profile sso' "profile 'sso' (through the aws command)")" --profile sso
    run -1 --separate-stderr env PATH=/nowhere "$PROGRAMS/credentials" --profile sso
    assert_equal "$stderr" "credentials: credentials: profile 'sso': the aws command 'aws': No such file or directory (version 2 of the aws command is needed, and \`aws sso login\`)"
}

@test "aws login uses the aws command" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    printf '%s\n' '#!/bin/sh' 'echo "{\"Version\":1,\"AccessKeyId\":\"ASIALOGIN\",\"SecretAccessKey\":\"$*\"}"' >"$BATS_TEST_TMPDIR/bin/aws"
    chmod +x "$BATS_TEST_TMPDIR/bin/aws"
    printf '[profile me]\nlogin_session = arn:aws:iam::1:user/me\n' >"$AWS_CONFIG_FILE"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH gives 0 "$(found ASIALOGIN 'configure export-credentials --format process --profile me' "profile 'me' (through the aws command)")" --profile me
    run -1 --separate-stderr env PATH=/nowhere "$PROGRAMS/credentials" --profile me
    assert_equal "$stderr" "credentials: credentials: profile 'me': the aws command 'aws': No such file or directory (version 2 of the aws command is needed, and \`aws login\`)"
}

@test "an invalid expiration of the environment's keys is an error" {
    AWS_ACCESS_KEY_ID=AKID AWS_SECRET_ACCESS_KEY=s AWS_CREDENTIAL_EXPIRATION=soon \
        gives 1 "credentials: credentials: environment: AWS_CREDENTIAL_EXPIRATION: 'soon' is not a time"
}

@test "container credentials use the token from the environment or from a file" {
    start_server --authorization 'Bearer x'
    export AWS_CONTAINER_CREDENTIALS_FULL_URI=$SERVER/container
    AWS_CONTAINER_AUTHORIZATION_TOKEN='Bearer x' gives 0 "$(temporary 1 container)"
    printf 'Bearer x' >"$BATS_TEST_TMPDIR/token"
    AWS_CONTAINER_AUTHORIZATION_TOKEN=wrong AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=$BATS_TEST_TMPDIR/token gives 0 "$(temporary 2 container)"
    gives 1 "credentials: credentials: container: $SERVER/container: HTTP status 403"
}

@test "container credentials are requested over plain HTTP from this machine only" {
    for url in http://example.com/c http://127.0.0.1.example.com/c http://169.254.170.3/c nonsense ftp://127.0.0.1/; do
        AWS_CONTAINER_CREDENTIALS_FULL_URI=$url gives 1 "credentials: credentials: container: AWS_CONTAINER_CREDENTIALS_FULL_URI: '$url' is neither https nor this machine"
    done
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=@example.com/c \
        gives 1 "credentials: credentials: container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: 'http://example.com/c' is neither https nor this machine"
    start_server
    AWS_CONTAINER_CREDENTIALS_FULL_URI=${SERVER/127.0.0.1/localhost}/container gives 0 "$(temporary 1 container)"
}

@test "an unreachable container agent and a missing token file are named" {
    AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:1/c run -1 --separate-stderr "$PROGRAMS/credentials"
    assert_regex "$stderr" '^credentials: credentials: container: http://127.0.0.1:1/c: .*onnect'
    AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:1/c AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=/nowhere \
        gives 1 "credentials: credentials: container: cannot read '/nowhere': No such file or directory"
}

@test "a request to the container agent is retried after a transient error" {
    start_server --errors 2:500:Oops
    AWS_CONTAINER_CREDENTIALS_FULL_URI=$SERVER/container gives 0 "$(temporary 1 container)"
}

@test "the user name, password and query in the URL of container credentials are not printed" {
    for url in http://untold:untold@example.com/c http://localhost@example.com/c 'http://untold:un/told@example.com/c?untold=1'; do
        AWS_CONTAINER_CREDENTIALS_FULL_URI=$url gives 1 "credentials: credentials: container: AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://example.com/c' is neither https nor this machine"
    done
    AWS_CONTAINER_CREDENTIALS_FULL_URI="http://untold:untold@127.0.0.1:1/c?untold" run -1 --separate-stderr "$PROGRAMS/credentials"
    assert_regex "$stderr" '^credentials: credentials: container: http://127.0.0.1:1/c: .*onnect'
    refute_regex "$stderr" untold
    unset AWS_EC2_METADATA_DISABLED
    AWS_EC2_METADATA_SERVICE_ENDPOINT=http://untold:untold@127.0.0.1:1/ run -1 --separate-stderr "$PROGRAMS/credentials"
    assert_regex "$stderr" 'instance metadata: .*onnect'
    refute_regex "$stderr" untold
}

@test "keys and tokens with control characters are never sent, whatever their source" {
    why='contains a line break or another control character'
    export AWS_ACCESS_KEY_ID=AKIDENV AWS_SECRET_ACCESS_KEY=s
    for byte in $'\r\nX: b' $'\n' $'\r' $'\t' $'\x1b[2J' $'\x7f'; do
        AWS_SESSION_TOKEN=a$byte gives 1 "credentials: credentials: the session token from environment $why"
        AWS_SESSION_TOKEN=t AWS_ACCESS_KEY_ID=A$byte gives 1 "credentials: credentials: the access key id from environment $why"
        AWS_SECRET_ACCESS_KEY=s$byte gives 1 "credentials: credentials: the secret access key from environment $why"
    done
    unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
    process "cat <<'END'" '{"Version": 1, "AccessKeyId": "AKID", "SecretAccessKey": "s", "SessionToken": "a\r\nX: b"}' END
    gives 1 "credentials: credentials: the session token from profile 'default' (credential_process) $why"
    printf '[default]\naws_access_key_id = AKID\x01\naws_secret_access_key = s\n' >"$AWS_SHARED_CREDENTIALS_FILE"
    : >"$AWS_CONFIG_FILE"
    gives 1 "credentials: credentials: the access key id from profile 'default' in '$AWS_SHARED_CREDENTIALS_FILE' $why"
}

@test "an authorization token with a line break is never sent" {
    start_server
    export AWS_CONTAINER_CREDENTIALS_FULL_URI=$SERVER/container
    AWS_CONTAINER_AUTHORIZATION_TOKEN=$'a\r\nX: b' gives 1 "credentials: credentials: container: the authorization token contains a line break or another control character"
    assert_equal "$(cat "$LOG")" ''
}

@test "instance metadata requests a session token, then the role, then its credentials" {
    start_server
    export AWS_EC2_METADATA_DISABLED=false AWS_EC2_METADATA_SERVICE_ENDPOINT=$SERVER
    gives 0 "$(temporary 1 'instance metadata')"
    assert_equal "$(cat "$LOG")" "$(
        cat <<'EOF'
PUT /latest/api/token -
GET /latest/meta-data/iam/security-credentials/ -
GET /latest/meta-data/iam/security-credentials/the-role -
EOF
    )"
}

@test "instance metadata works without session tokens, unless that is disabled" {
    start_server --no-token
    export AWS_EC2_METADATA_DISABLED=false AWS_EC2_METADATA_SERVICE_ENDPOINT=$SERVER
    gives 0 "$(temporary 1 'instance metadata')"
    AWS_EC2_METADATA_V1_DISABLED=true run -1 --separate-stderr "$PROGRAMS/credentials"
    assert_regex "$stderr" "; instance metadata: HTTP status 404$"
}

@test "instance metadata is tried as often as configured, and an unreachable service is named" {
    start_server --errors 2:500:Oops
    export AWS_EC2_METADATA_DISABLED=false AWS_EC2_METADATA_SERVICE_ENDPOINT=$SERVER
    AWS_METADATA_SERVICE_NUM_ATTEMPTS=3 gives 0 "$(temporary 1 'instance metadata')"
    assert_equal "$(grep -c token "$LOG")" 3
    stop_server
    run -1 --separate-stderr "$PROGRAMS/credentials"
    assert_regex "$stderr" "; instance metadata: $SERVER/.*onnect"
}

@test "expired credentials from instance metadata are used for some more time" {
    start_server --lifetime -60
    AWS_EC2_METADATA_DISABLED=false AWS_EC2_METADATA_SERVICE_ENDPOINT=$SERVER gives 0 "$(temporary 1 'instance metadata')"
}

@test "requests to local servers never use a proxy" {
    start_server
    export AWS_EC2_METADATA_DISABLED=false AWS_EC2_METADATA_SERVICE_ENDPOINT=$SERVER http_proxy=http://127.0.0.1:1
    gives 0 "$(temporary 1 'instance metadata')"
    AWS_CONTAINER_CREDENTIALS_FULL_URI=$SERVER/container gives 0 "$(temporary 2 container)"
}

@test "credentials are fetched again before they expire" {
    start_server
    export AWS_CONTAINER_CREDENTIALS_FULL_URI=$SERVER/container
    run -0 "$PROGRAMS/credentials" --times 3 --advance 1500
    assert_equal "$(jq -r .id <<<"$output" | paste -sd ' ')" 'ASIA1 ASIA1 ASIA2'
}

@test "a failed refresh is ignored while the credentials are valid" {
    printf '[default]\ncredential_process = "%s"\n' "$BATS_TEST_TMPDIR/process" >"$AWS_CONFIG_FILE"
    cat >"$BATS_TEST_TMPDIR/process" <<EOF
#!/bin/sh
[ ! -e '$BATS_TEST_TMPDIR/asked' ] || { echo 'the safe is shut' >&2; exit 1; }
touch '$BATS_TEST_TMPDIR/asked'
printf '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"B","Expiration":"%s"}' "\$(date -u -d '+3600 seconds' +%FT%TZ)"
EOF
    chmod +x "$BATS_TEST_TMPDIR/process"
    run -1 --separate-stderr "$PROGRAMS/credentials" --times 3 --advance 3000
    assert_equal "$(jq -r .id <<<"$output" | paste -sd ' ')" 'A A'
    assert_equal "$stderr" "credentials: credentials: cannot renew the credentials from profile 'default' (credential_process): credential_process '$BATS_TEST_TMPDIR/process': exit status 1: the safe is shut"
}

@test "credentials that AWS calls expired are fetched again, bypassing the cache" {
    start_server
    keys base
    printf '[profile work]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\n' >"$AWS_CONFIG_FILE"
    run -0 "$PROGRAMS/credentials" --profile work --times 2 --refuse
    assert_equal "$(jq -r .id <<<"$output" | paste -sd ' ')" 'ASIA1 ASIA2'
}

@test "keys from a file are not fetched again" {
    keys default
    run -0 "$PROGRAMS/credentials" --times 2 --refuse --advance 100000
    assert_equal "$(jq -r .id <<<"$output" | paste -sd ' ')" 'AKIDFILE AKIDFILE'
}

@test "the identity of the credentials comes from STS, or its error is printed" {
    start_server
    keys default
    gives 0 'arn:aws:iam::1:user/a&b' --identity
    assert_equal "$(cat "$LOG")" 'POST / AKIDFILE Action=GetCallerIdentity&Version=2011-06-15'
    kill "$SERVER_PID"
    start_server --errors 1:403:InvalidClientTokenId
    gives 1 'credentials: InvalidClientTokenId: as asked for' --identity
}

@test "an unreachable STS and an invalid region are named" {
    keys base
    printf '[profile work]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nmax_attempts = 1\n' >"$AWS_CONFIG_FILE"
    AWS_ENDPOINT_URL_STS=http://127.0.0.1:1 run -1 --separate-stderr "$PROGRAMS/credentials" --profile work
    assert_regex "$stderr" "^credentials: credentials: profile 'work': cannot assume the role arn:aws:iam::1:role/r of profile 'work': http://127.0.0.1:1: .*onnect"
    AWS_REGION=x/y gives 1 "credentials: credentials: profile 'work': cannot assume the role arn:aws:iam::1:role/r of profile 'work': 'x/y' is not the name of a region" --profile work
}

@test "STS over TLS requires a trusted certificate" {
    command -v openssl >/dev/null || skip 'openssl is not installed'
    keys base
    printf '[profile work]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = base\nmax_attempts = 1\n' >"$AWS_CONFIG_FILE"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$BATS_TEST_TMPDIR/key" -out "$BATS_TEST_TMPDIR/certificate" 2>/dev/null
    start_server --certificate "$BATS_TEST_TMPDIR/certificate" --key "$BATS_TEST_TMPDIR/key"
    run -1 --separate-stderr "$PROGRAMS/credentials" --profile work
    assert_regex "$stderr" ": $SERVER: .*certificate"
    assert_equal "$(cat "$LOG")" ''
    AWS_CA_BUNDLE=$BATS_TEST_TMPDIR/certificate gives 0 "$(temporary 1 "profile 'work' (role arn:aws:iam::1:role/r)")" --profile work
}

@test "in 400 random environments the same access key is found as by botocore" {
    slow 'botocore starts once for each environment'
    python3 -c 'import botocore' 2>/dev/null || skip 'python3 with botocore is not installed'
    mkdir "$BATS_TEST_TMPDIR/cases"
    env -i PATH="$PATH" HOME="$HOME" PYTHONUTF8=1 python3 "$ROOT/tests/botocore/chain.py" 400 "$BATS_TEST_TMPDIR/cases"
    for folder in "$BATS_TEST_TMPDIR"/cases/*; do
        mapfile -t variables <"$folder/environment"
        mapfile -t profile <"$folder/profile"
        if said=$(env -i PATH="$PATH" HOME="$HOME" "${variables[@]}" "$PROGRAMS/credentials" ${profile[0]:+--profile "${profile[0]}"} 2>&1); then
            jq -r .id <<<"$said"
        elif [[ $said == 'credentials: no credentials:'* ]]; then
            echo none
        else
            echo error
        fi >"$folder/got"
    done
    [ "$(cat "$BATS_TEST_TMPDIR"/cases/*/wanted | grep -cvx 'none\|error')" -gt 90 ]
    for folder in "$BATS_TEST_TMPDIR"/cases/*; do
        diff "$folder/wanted" "$folder/got" || {
            head "$folder"/{config,credentials,environment,profile}
            return 1
        }
    done
}
