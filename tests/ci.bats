#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own
# The workflows in examples/ci: their shell steps are run as they stand, with everything about them that is not power-tune stubbed.

load helper
load examples

setup() {
    GITHUB=$ROOT/examples/ci/github-actions.yml
    GITLAB=$ROOT/examples/ci/gitlab-ci.yml
    mkdir "$BATS_TEST_TMPDIR/work" "$BATS_TEST_TMPDIR/stubs"
    cd "$BATS_TEST_TMPDIR/work"
    cp -R "$ROOT/examples/functions/fetch" function
    PATH=$BATS_TEST_TMPDIR/stubs:$PATH
    export AWS_ROLE='' FUNCTION='' AWS_REGION=us-east-1
}

teardown() {
    stop_local
}

# block FILE HEADER KEY: the first block of lines that KEY opens after the line that ends with HEADER.
block() {
    awk -v header="$2" -v key="$3" '
        !found { found = substr($0, length($0) - length(header) + 1) == header; next }
        !inside { inside = substr($0, length($0) - length(key) + 1) == key; next }
        { match($0, /^ */) }
        !indent { indent = RLENGTH }
        NF && RLENGTH < indent { exit }
        { print substr($0, indent + 1) }' "$1"
}

# step NAME: a step of the workflow for GitHub. Few invocations are enough.
step() {
    block "$GITHUB" "- name: $1" 'run: |' | sed 's/--num 20/--num 5 --power-values 256,512 --quiet/' >step
    [ -s step ]
    bash -e step
}

# job NAME [SCRIPT]: a script of the pipeline for GitLab.
job() {
    sed -n "/^$1:/,\$p" "$GITLAB" >pipeline
    block pipeline "  ${2:-script}:" '- |' | sed 's/--num 20/--num 5 --power-values 256,512 --quiet/' >script
    [ -s script ]
    sh -eu script
}

# stub NAME [STATUS]: a program that notes how it was called.
stub() {
    printf '#!/bin/sh\nprintf "%%s\\n" "%s $*" >>"%s/calls"\n%s\n' "$1" "$BATS_TEST_TMPDIR" "${2:-exit 0}" >"$BATS_TEST_TMPDIR/stubs/$1"
    chmod +x "$BATS_TEST_TMPDIR/stubs/$1"
}

# A baseline that is cheaper than this run by that factor.
baseline() {
    power-tune --local function --num 5 --power-values 256,512 --quiet --include-output-results |
        jq -c ".cost /= $1 | .duration /= $1" >baseline.json
}

@test "GitHub: without an account the folder is tuned, and there are a summary, a report and a result to keep" {
    run -0 step Tune
    assert_output ''
    mask <summary.md | check_text ci-github.txt
    grep -q '<html' report.html
    run -0 step 'Keep the result as the next baseline'
    assert_equal "$(cat baseline.json)" "$(cat run/result.json)"
    assert_equal "$(jq 'has("stats")' baseline.json)" true
}

@test "GitHub: a function that has become dearer fails the step, and the comment says so" {
    baseline 100
    echo '{"size": "large"}' >event.json
    run -4 --separate-stderr step Tune
    assert_regex "$stderr" 'pt-gate: cost>\+10%: cost is .* more than the '
    stub gh 'case $* in *--edit-last*) exit 1 ;; esac'
    GITHUB_STEP_SUMMARY=$PWD/page PULL_REQUEST=17 run -0 step Comment
    assert_equal "$(cat page)" "$(cat summary.md)"
    grep -q '^- `cost>+10%`: \*\*failed\*\*' page
    assert_equal "$(cat "$BATS_TEST_TMPDIR/calls")" "$(printf '%s\n' 'gh pr comment 17 --edit-last --body-file summary.md' \
        'gh pr comment 17 --body-file summary.md')"
}

@test "GitHub: with a role the function itself is tuned" {
    baseline 0.01
    start_local --no-verify --function "my-function=$PWD/function"
    export AWS_ROLE=arn:aws:iam::123456789012:role/tune FUNCTION=my-function AWS_ENDPOINT_URL=$ENDPOINT
    run -0 step Tune
    assert_equal "$(head -n 1 summary.md)" '### power-tune: `my-function`'
    grep -q '^- `cost>+10%`: passed' summary.md
    grep -q '^Compared with the baseline' summary.md
}

@test "GitHub: the function is deployed and its update waited for" {
    stub zip
    stub aws
    FUNCTION=my-function run -0 step Deploy
    assert_equal "$(cat "$BATS_TEST_TMPDIR/calls")" "$(printf '%s\n' 'zip -qr ../function.zip .' \
        'aws lambda update-function-code --function-name my-function --zip-file fileb://function.zip' \
        'aws lambda wait function-updated-v2 --function-name my-function')"
}

@test "GitHub and GitLab: installing calls the targets that there are" {
    stub make
    stub sudo
    stub apt-get
    stub git
    run -0 step 'Install power-tune'
    POWER_TUNE_REPOSITORY=https://example.org/power-tune.git run -0 job .tune before_script
    grep -o 'make -C power-tune .*' "$BATS_TEST_TMPDIR/calls" | cut -d ' ' -f 4- | tr ' ' '\n' | sort -u | while read -r target; do
        grep -q "^$target:" "$ROOT/Makefile" || fail "no target $target"
    done
    assert_equal "$(grep -c '^make ' "$BATS_TEST_TMPDIR/calls")" 2
}

@test "GitLab: without an account the folder is tuned against the result of the branch, and commented on" {
    baseline 0.01
    mv baseline.json kept.json
    stub curl 'for word; do case $word in baseline.json) cp kept.json baseline.json ;; esac; done'
    export CI_JOB_TOKEN=job CI_API_V4_URL=https://gitlab/api/v4 CI_PROJECT_ID=1 CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main \
        CI_PROJECT_DIR=$PWD CI_MERGE_REQUEST_IID=5 COMMENT_TOKEN=token
    run -0 job tune-merge-request
    mask <summary.md | check_text ci-gitlab.txt
    run -0 job tune-merge-request after_script
    assert_regex "$(tail -n 1 "$BATS_TEST_TMPDIR/calls")" 'body@summary.md https://gitlab/api/v4/projects/1/merge_requests/5/notes$'
    stub curl 'exit 22'
    rm -r baseline.json run
    run -0 job tune-merge-request
    run -1 grep '^Compared with the baseline' summary.md
}

@test "GitLab: with a role the token is a file of its own, and the branch's result is kept" {
    start_local --no-verify --function "my-function=$PWD/function"
    export AWS_ROLE_ARN=arn:aws:iam::123456789012:role/tune AWS_TOKEN=token CI_PROJECT_DIR=$PWD FUNCTION=my-function AWS_ENDPOINT_URL=$ENDPOINT
    run -0 job tune-branch
    assert_equal "$(jq 'has("stats")' baseline.json)" true
    assert_equal "$(stat -c %a "$PWD.token") $(cat "$PWD.token")" '600 token'
}

@test "the shell in the workflows is clean, and no expression of theirs stands in it" {
    command -v shellcheck >/dev/null || skip 'shellcheck is not installed'
    for name in 'Install power-tune' Deploy Tune Comment 'Keep the result as the next baseline'; do
        block "$GITHUB" "- name: $name" 'run: |' | tee script | shellcheck -s bash -
        run -1 grep -F '${{' script
    done
    assert_equal "$(grep -c 'run: |' "$GITHUB")" 5
    for script in .tune:before_script tune-merge-request:script tune-merge-request:after_script tune-branch:script; do
        sed -n "/^${script%:*}:/,\$p" "$GITLAB" >pipeline
        block pipeline "  ${script#*:}:" '- |' | shellcheck -s sh -e SC2154 -
    done
    assert_equal "$(grep -c -- '- |$' "$GITLAB")" 4
}
