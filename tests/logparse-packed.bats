#!/usr/bin/env bats
# pt-logparse: compressed and packed logs, and UTF-16.

load helper
load logparse

# packed JSON: the JSON as a subscription packs it.
packed() {
    gzip -c <<<"$1" | base64 -w 0
}

@test "subscription payloads that directly follow each other are all read" {
    local payload="{\"messageType\":\"DATA_MESSAGE\",\"logGroup\":\"/aws/lambda/f\",\"logStream\":\"s\",\"logEvents\":[{\"id\":\"1\",\"timestamp\":1714557600000,\"message\":\"${REPORT_LINE//	/\\t}\"}]}"
    reads "$payload$payload" "$FOUND,\"functionName\":\"f\",\"logStream\":\"s\"$AT}
$FOUND,\"functionName\":\"f\",\"logStream\":\"s\"$AT}"
}

@test "events packed for a function, Kinesis or Firehose are unpacked" {
    local event data
    event='{"messageType":"DATA_MESSAGE","owner":"123456789012","logGroup":"/aws/lambda/f","logStream":"s","logEvents":[{"id":"1","timestamp":1714557600000,"message":"'${REPORT_LINE//$'\t'/\\t}'\n"}]}'
    data=$(packed "$event")
    WANTED="$FOUND,\"functionName\":\"f\",\"logStream\":\"s\",\"timestamp\":1714557600000}"
    reads "{\"awslogs\":{\"data\":\"$data\"}}" "$WANTED"
    reads "{
  \"awslogs\": {
    \"data\": \"${data//\//\\/}\"
  }
}" "$WANTED"
    reads "{\"Records\":[{\"kinesis\":{\"data\":\"$data\"},\"eventID\":\"1\"},{\"kinesis\":{\"data\":\"$data\"}}]}" "$WANTED
$WANTED"
    reads "{\"invocationId\":\"i\",\"records\":[{\"recordId\":\"1\",\"data\":\"$data\"}]}" "$WANTED"
    run -0 --separate-stderr pt-logparse <<<'{"awslogs":{"data":"bm8gZ3ppcA=="}}'
    assert_equal "$stderr" "pt-logparse: no REPORT in 1 lines"
}

@test "corrupt packed events are counted as unreadable" {
    local data
    data=$(packed '{"logEvents":[]}')
    run -1 --separate-stderr pt-logparse <<<"{\"awslogs\":{\"data\":\"${data:0:24}\"}}"
    assert_equal "$stderr" "pt-logparse: 1 of 1 reports could not be read; the first is at line 1: packed logs that are corrupt or too long"
    run -1 --separate-stderr pt-logparse <<<"{\"awslogs\":{\"data\":\"H4sI!\"}}"
    assert_equal "$stderr" "pt-logparse: 1 of 1 reports could not be read; the first is at line 1: packed logs that are corrupt or too long"
    run -1 --separate-stderr bash -c "printf '{\"awslogs\":{\"data\":\"H4sI%0300000d\"}}' 0 | pt-logparse"
    assert_equal "$stderr" "pt-logparse: 1 of 1 reports could not be read; the first is at line 1: packed logs that are corrupt or too long"
}

@test "concatenated packed records are all read, as gzip files and as documents" {
    local event two
    event='{"messageType":"DATA_MESSAGE","logGroup":"/aws/lambda/f","logStream":"s","logEvents":[{"id":"1","timestamp":1714557600000,"message":"'${REPORT_LINE//$'\t'/\\t}'\n"}]}'
    WANTED="$FOUND,\"functionName\":\"f\",\"logStream\":\"s\",\"timestamp\":1714557600000}"
    two=$({ gzip -c <<<"$event" && gzip -c <<<"$event"; } | base64 -w 0)
    reads "{\"awslogs\":{\"data\":\"$two\"}}" "$WANTED
$WANTED"
    reads "{\"records\":[{\"data\":\"$(packed "$event$event")\"},{\"data\":\"$(packed "$event
$event")\"}]}" "$WANTED
$WANTED
$WANTED
$WANTED"
}

@test "packed records are read as Kinesis returns them and as Firehose sends them to an endpoint" {
    local data
    data=$(packed '{"messageType":"DATA_MESSAGE","logEvents":[{"message":"'"${REPORT_LINE//$'\t'/\\t}"'"}]}')
    reads "{
    \"Records\": [
        {
            \"SequenceNumber\": \"1\",
            \"Data\": \"$data\"
        }
    ]
}" "$FOUND}"
    reads "{\"requestId\":\"$ID\",\"timestamp\":1714557600000,\"records\":[{\"data\":\"$data\"}]}" "$FOUND$AT}"
}

@test "compressed logs are read, also several in one file" {
    cd "$BATS_TEST_TMPDIR"
    printf '%s\n' "$REPORT_LINE" >a
    gzip -c a >two.gz && gzip -c a >>two.gz
    run -0 --separate-stderr pt-logparse two.gz
    assert_output "$FOUND}
$FOUND}"
    command -v zstd >/dev/null || skip "zstd is not installed"
    zstd -q -c a >two.zst && zstd -q -c a >>two.zst
    run -0 --separate-stderr pt-logparse - <two.zst
    assert_output "$FOUND}
$FOUND}"
}

@test "output of pzstd, with a header before each part, is read" {
    command -v pzstd >/dev/null || skip "pzstd is not installed"
    printf '%s\n' "$REPORT_LINE" >"$BATS_TEST_TMPDIR/a"
    pzstd -q -c "$BATS_TEST_TMPDIR/a" >"$BATS_TEST_TMPDIR/a.zst"
    run -0 --separate-stderr pt-logparse "$BATS_TEST_TMPDIR/a.zst"
    assert_output "$FOUND}"
}

@test "UTF-16, as Windows PowerShell writes it, is recognized by its byte order mark" {
    local order text mark low high
    cd "$BATS_TEST_TMPDIR"
    # A character above U+FFFF, and unpaired surrogates.
    text=$(printf '{"message":"\360\237\230\200 Gr\303\274n"}\r\n%s\r\n%s\r' "$REPORT_LINE" "$OBJECT")
    for order in LE BE; do
        mark='\376\377' low='\334\0' high='\330\0'
        [ $order = BE ] || mark='\377\376' low='\0\334' high='\0\330'
        { printf %b "$mark" && iconv -f UTF-8 -t UTF-16$order <<<"$text"; } >log
        {
            printf %b "$mark"
            iconv -f UTF-8 -t UTF-16$order <<<"${REPORT_LINE/$ID/😀}"
            printf %b "$low$high"
            printf '%s\n' x "$REPORT_LINE" | iconv -f UTF-8 -t UTF-16$order
            printf %b "$high"
        } >halves
        run -0 --separate-stderr pt-logparse log
        assert_output "$FOUND}
$FOUND,\"status\":\"success\"$AT}"
        assert_equal "$stderr" ''
        run -0 bash -c 'dd if=log bs=3 2>dd | pt-logparse | cmp - <(pt-logparse log)'
        run -0 --separate-stderr pt-logparse halves
        assert_output "${FOUND/$ID/😀}}
$FOUND}"
    done
    # Larger than one read.
    { printf '\377\376' && plain 0 900 | iconv -f UTF-8 -t UTF-16LE; } >log
    pt-logparse log >wide
    plain 0 900 | pt-logparse | cmp - wide
}

@test "corrupt compressed data are an error, and the data before them are kept" {
    cd "$BATS_TEST_TMPDIR"
    {
        for i in $(seq 2000); do printf '%s %s\n' "$i" "$RANDOM"; done
        printf '%s\n' "$REPORT_LINE"
    } >a
    gzip -c a | head -c 3000 >cut.gz
    run -1 --separate-stderr pt-logparse cut.gz
    assert_equal "${stderr_lines[0]}" "pt-logparse: cannot read 'cut.gz': gzip data: unexpected end"
    # Corrupt in the middle: the data before it count.
    printf '%s\n' "$REPORT_LINE" >first
    # A header, and a block of an invalid type.
    { gzip -c first && printf '\037\213\010\0\0\0\0\0\0\003\007' && gzip -c a; } >damaged.gz
    run -1 --separate-stderr pt-logparse damaged.gz
    assert_output "$FOUND}"
    assert_regex "${stderr_lines[0]}" "^pt-logparse: cannot read 'damaged\\.gz': gzip data: invalid block type"
    { gzip -c first | head -c -8 && printf 8damaged; } >damaged.gz
    run -1 --separate-stderr pt-logparse damaged.gz
    assert_output "$FOUND}"
    assert_equal "${stderr_lines[0]}" "pt-logparse: cannot read 'damaged.gz': gzip data: incorrect data check"
    { zstd -qc first && printf '\050\265\057\375\040\005\007\0\0' && zstd -qc a; } >damaged.zst
    run -1 --separate-stderr pt-logparse damaged.zst
    assert_output "$FOUND}"
    assert_regex "${stderr_lines[0]}" "^pt-logparse: cannot read 'damaged\\.zst': zstd data: [A-Z]"
}

@test "zeros that fill up a tape block are not corrupt data" {
    { printf '%s\n' "$REPORT_LINE" | gzip -c && head -c 700 /dev/zero; } >"$BATS_TEST_TMPDIR/padded.gz"
    run -0 --separate-stderr pt-logparse "$BATS_TEST_TMPDIR/padded.gz"
    assert_output "$FOUND}"
    assert_equal "$stderr" ''
}
