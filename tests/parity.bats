#!/usr/bin/env bats
# The results of the original (aws-lambda-power-tuning 4.4.0) on a simulated function: the same invocations give the same result.

load helper

CASES=$FIXTURES/parity

# result NAME: the result of the filters for the invocations of a case, with the options that its input means.
result() {
    local options=() region architecture
    region=$(jq -r .region "$CASES/$1.json")
    architecture=$(jq -r .architecture "$CASES/$1.json")
    local discard strategy weight
    discard=$(jq -r '.input.discardTopBottom // empty' "$CASES/$1.json")
    strategy=$(jq -r '.input.strategy // empty' "$CASES/$1.json")
    weight=$(jq -r '.input.balancedWeight // empty' "$CASES/$1.json")
    [ -z "$discard" ] || options+=(--discard-top-bottom "$discard")
    [ "$(jq .input.onlyColdStarts "$CASES/$1.json")" != true ] || options+=(--only-cold-starts)
    pt-logparse "$CASES/$1.invocations.ndjson" |
        pt-stats --region "$region" --architecture "$architecture" --prices "$CASES/prices-original.json" "${options[@]}" |
        pt-pick ${strategy:+--strategy "$strategy"} ${weight:+--balanced-weight "$weight"} --include-output-results
}

# differences NAME RESULT: every number of the original that differs in RESULT by more than a relative 1e-9.
differences() {
    jq -rn --argjson ours "$2" --slurpfile case "$CASES/$1.json" '
        def near($a; $b): ($a - $b) | fabs <= 1e-9 * ($b | fabs);
        $case[0].original as $theirs |
        (["power", "cost", "duration"][] | select(near($ours[.]; $theirs[.]) | not)),
        (select(near($ours.stateMachine.lambdaCost; $theirs.stateMachine.lambdaCost) | not) | "lambdaCost"),
        (select($ours.stateMachine.visualization != $theirs.stateMachine.visualization) | "visualization"),
        (($theirs.stats // [])[] | . as $wanted | ($ours.stats[] | select(.value == $wanted.value)) as $got |
            ["averagePrice", "averageDuration", "totalCost"][] |
            select(near($got[.]; $wanted[.]) | not) | "\($wanted.value): \(.)"),
        (select($theirs.stats and ($ours.stats | map(.value)) != ($theirs.stats | map(.value) | sort)) | "stats")'
}

same_as_original() {
    local ours
    ours=$(result "$1")
    run -0 --separate-stderr differences "$1" "$ours"
    assert_output ""
    assert_equal "$stderr" ""
    assert_equal "$(jq .stateMachine.executionCost <<<"$ours")" 0
}

@test "the original agrees: allowed-exceptions (two of ten fail with a type that is allowed)" {
    same_as_original allowed-exceptions
}

@test "the original agrees: balanced-0.2 (balanced nearer to speed, with stats)" {
    same_as_original balanced-0.2
}

@test "the original agrees: balanced-default-weight (balanced, balancedWeight left at 0.5; another shape of cost)" {
    same_as_original balanced-default-weight
}

@test "the original agrees: cost-default (no strategy named (cost), series, discardTopBottom left at 0.2)" {
    same_as_original cost-default
}

@test "the original agrees: cost-tie (equal billed cost at every power: the fastest wins)" {
    same_as_original cost-tie
}

@test "the original agrees: default-powers-arm64 (no powerValues; arm64)" {
    same_as_original default-powers-arm64
}

@test "the original agrees: discard-0 (nothing discarded: cold start and outliers count)" {
    same_as_original discard-0
}

@test "the original agrees: init-not-billed (older billing rule: Init Duration shown, not billed)" {
    same_as_original init-not-billed
}

@test "the original agrees: only-cold-starts (series; every invocation cold; nothing discarded though discardTopBottom is given)" {
    same_as_original only-cold-starts
}

@test "the original agrees: power-values-all (powerValues ALL, num 5)" {
    same_as_original power-values-all
}

@test "the original agrees: region-ap-east-1 (dearer region)" {
    same_as_original region-ap-east-1
}

@test "the original agrees: speed-tie (equal duration at every power: the cheapest wins)" {
    same_as_original speed-tie
}

# An intended difference: Lambda's Billed Duration includes the billed restore; the original adds it a second time.
@test "snapstart: the durations are the same, but the billed restore is counted only once" {
    local ours theirs
    ours=$(result snapstart)
    theirs=$(jq -c .original "$CASES/snapstart.json")
    jq -e '[.power, .cost, .stateMachine.lambdaCost] == [512, 2.6107199999999996e-05, 0.0006298487999999999]' <<<"$ours"
    jq -e '[.power, .cost, .stateMachine.lambdaCost] == [512, 2.7199200000000002e-05, 0.0006910008]' <<<"$theirs"
    run -0 jq -n --argjson ours "$ours" --argjson theirs "$theirs" '
        [range(3) as $i | ($ours.stats[$i].averageDuration - $theirs.stats[$i].averageDuration) | fabs < 1e-9] | all'
    assert_output true
    # The difference is the billed restore: counted once here, twice in the original.
    run -0 jq -rn --slurpfile records <(pt-logparse "$CASES/snapstart.invocations.ndjson") '
        [$records[] | .billedRestoreDurationMs * .power] | add * 0.0000168 / 1024000 * 1e10 | round'
    assert_output "$(jq -n --argjson ours "$ours" --argjson theirs "$theirs" \
        '($theirs.stateMachine.lambdaCost - $ours.stateMachine.lambdaCost) * 1e10 | round')"
}
