# payloadS3: the payload from an S3 object, fetched once before any change.

load helper
load servers

setup() {
    ACTOR=$PT_BUILD/functions/actor
    [ -d "$ACTOR" ] || ACTOR=$ROOT/build/functions/actor
    export AWS_REGION=us-east-1
    start_local --no-verify --record "$BATS_TEST_TMPDIR/record" --function "actor=$ACTOR"
    OBJECTS=$BATS_TEST_TMPDIR/objects
    mkdir -p "$OBJECTS/bucket" "$OBJECTS/my.dotted.bucket"
}

teardown() {
    stop_servers
    stop_local
    [ -z "${S3_PID:-}" ] || kill "$S3_PID"
}

start_s3() {
    await_address "$BATS_TEST_TMPDIR/s3.messages" "$PROGRAMS/fake-s3" --directory "$OBJECTS" --log "$BATS_TEST_TMPDIR/s3.log" "$@"
    S3_PID=$SERVER_PID AWS_ENDPOINT_URL_S3=$ADDRESS
    export AWS_ENDPOINT_URL_S3 AWS_ENDPOINT_URL_LAMBDA=$ENDPOINT
}

payload() {
    pt-init --function actor --num 5 --power-values 128 --payload-s3 "$1" | head -n 1 | jq -j .payload
}

@test "the object's bytes are the payload" {
    start_s3
    printf '{ "n" : 1.0 }' >"$OBJECTS/bucket/event.json"
    run -0 --separate-stderr payload s3://bucket/event.json
    assert_equal "$output" '{ "n" : 1.0 }'
    assert_equal "$(cat "$BATS_TEST_TMPDIR/s3.log")" '/bucket/event.json us-east-1 200'
}

@test "buckets may have dots; keys may have spaces, plus signs, slashes and Unicode" {
    start_s3
    for key in 'a b+c.json' 'folder/of//é ü.json' "quote's & =?#%.json" '../x' 'a/./b'; do
        mkdir -p "$OBJECTS/my.dotted.bucket/$(dirname "$key")"
        printf '"%s"' "$key" >"$OBJECTS/my.dotted.bucket/$key" || continue
        run -0 --separate-stderr payload "s3://my.dotted.bucket/$key"
        assert_equal "$stderr" ''
        assert_equal "$output" "\"$key\""
    done
}

@test "at AWS's own endpoint the bucket is in the host name if possible, otherwise in the path" {
    command -v openssl >/dev/null || skip 'openssl is not installed'
    cd "$BATS_TEST_TMPDIR"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=s3 -keyout key.pem -out certificate.pem \
        -addext 'subjectAltName=DNS:s3.us-east-1.amazonaws.com,DNS:*.s3.us-east-1.amazonaws.com' 2>/dev/null
    start_s3
    start_server "$PROGRAMS/tunnel" --to "$AWS_ENDPOINT_URL_S3" --log tunnel.log --connect --certificate certificate.pem --key key.pem
    unset AWS_ENDPOINT_URL_S3
    export AWS_CA_BUNDLE=$PWD/certificate.pem HTTPS_PROXY=$ADDRESS
    mkdir -p "$OBJECTS"/{ab,-c-d,e-f-,Old_Bucket} "$OBJECTS/folder of"
    echo 1 | tee "$OBJECTS"/{ab,-c-d,e-f-,Old_Bucket,my.dotted.bucket}/event.json >"$OBJECTS/folder of/event.json"
    for bucket in ab -c-d e-f- Old_Bucket my.dotted.bucket; do
        run -0 --separate-stderr payload "s3://$bucket/event.json"
        assert_equal "$output" 1
    done
    run -0 --separate-stderr payload 's3://a-bucket-2/folder of/event.json'
    assert_equal "$(grep CONNECT tunnel.log | uniq -c | sed 's/^ *//')" '5 CONNECT s3.us-east-1.amazonaws.com:443
1 CONNECT a-bucket-2.s3.us-east-1.amazonaws.com:443'
    assert_equal "$(cut -d ' ' -f 1,3 s3.log)" '/ab/event.json 200
/-c-d/event.json 200
/e-f-/event.json 200
/Old_Bucket/event.json 200
/my.dotted.bucket/event.json 200
/folder%20of/event.json 200'
}

@test "an object that is not JSON is sent as a JSON string" {
    start_s3
    printf 'two\n"words"' >"$OBJECTS/bucket/text"
    run -0 --separate-stderr payload s3://bucket/text
    assert_equal "$output" '"two\n\"words\""'
}

@test "an object is taken as the input's payload is: weighted lists are weighted, and strings stand for their content" {
    start_s3
    echo '[{"payload":{"a":1},"weight":3},{"payload":"[2]","weight":1}]' >"$OBJECTS/bucket/weighted"
    run -0 --separate-stderr power-tune --quiet --function actor --num 8 --power-values 128 --payload-s3 s3://bucket/weighted
    assert_equal "$(jq -r 'select(.operation == "Invoke") | .payload' "$BATS_TEST_TMPDIR/record" | sort | uniq -c | sed 's/^ *//')" \
        '2 [2]
6 {"a":1}'
    printf '"{\\"a\\": 1.0}"' >"$OBJECTS/bucket/string"
    run -0 --separate-stderr payload s3://bucket/string
    assert_equal "$output" '{"a": 1.0}'
    echo '[{"payload":1,"weight":3},{"payload":2,"wieght":1}]' >"$OBJECTS/bucket/misspelt"
    run -2 --separate-stderr pt-init --function actor --num 5 --payload-s3 s3://bucket/misspelt
    assert_equal "$stderr" "pt-init: --payload: element 2 has 'wieght'; did you mean 'weight'? (a list that is one event can be given as a string)"
    printf '{"a":' >"$OBJECTS/bucket/broken"
    run -0 --separate-stderr payload s3://bucket/broken
    assert_equal "$output" '"{\"a\":"'
    assert_equal "$stderr" 'pt-init: warning: --payload-s3: begins like JSON, but is not JSON: unexpected end at byte 6; it is sent as a string'
}

@test "a bucket in another region is read there" {
    start_s3 --region eu-central-1
    echo '{}' >"$OBJECTS/bucket/event.json"
    run -0 --separate-stderr payload s3://bucket/event.json
    assert_equal "$(cat "$BATS_TEST_TMPDIR/s3.log")" '/bucket/event.json us-east-1 301
/bucket/event.json eu-central-1 200'
}

@test "payloadS3 takes precedence over payload, and the function receives it" {
    start_s3
    printf '{"from":"s3"}' >"$OBJECTS/bucket/event.json"
    run -0 --separate-stderr power-tune --quiet --function actor --num 5 --power-values 128 --payload '{"from":"option"}' \
        --payload-s3 s3://bucket/event.json
    assert_equal "$(jq -r 'select(.operation == "Invoke") | .payload' "$BATS_TEST_TMPDIR/record" | sort -u)" '{"from":"s3"}'
}

@test "a missing or forbidden object and an invalid URI are refused before any change" {
    start_s3
    run -2 --separate-stderr pt-init --function actor --num 5 --payload-s3 s3://bucket/nothing
    assert_equal "$stderr" 'pt-init: --payload-s3: s3://bucket/nothing: NoSuchKey: as asked'
    run -2 --separate-stderr pt-init --function actor --num 5 --payload-s3 s3://bucket/forbidden
    assert_equal "$stderr" 'pt-init: --payload-s3: s3://bucket/forbidden: AccessDenied: as asked'
    run -2 --separate-stderr pt-init --function actor --num 5 --payload-s3 https://bucket/key
    assert_equal "$stderr" "pt-init: --payload-s3: 'https://bucket/key' is not s3://BUCKET/KEY"
    for uri in s3://bucket s3://bucket/ s3:///key; do
        run -2 --separate-stderr pt-init --function actor --num 5 --payload-s3 "$uri"
        assert_equal "$stderr" "pt-init: --payload-s3: '$uri' is not s3://BUCKET/KEY"
    done
    AWS_ENDPOINT_URL_S3=nonsense run -2 --separate-stderr pt-init --function actor --num 5 --payload-s3 s3://bucket/key
    assert_equal "$stderr" "pt-init: --payload-s3: s3://bucket/key: 'nonsense' is not the URL of an endpoint (http:// or https:// and a host)"
    assert_equal "$(jq -r .method "$BATS_TEST_TMPDIR/record" | sort -u)" GET
}

@test "6 MB are allowed, and one byte more is refused" {
    start_s3
    {
        printf '"'
        head -c 6291454 /dev/zero | tr '\0' x
        printf '"'
    } >"$OBJECTS/bucket/six"
    run -0 --separate-stderr bash -c "pt-init --function actor --num 5 --payload-s3 s3://bucket/six | head -n 1 | wc -c"
    [ "$output" -gt 6291456 ]
    printf ' ' >>"$OBJECTS/bucket/six"
    run -2 --separate-stderr pt-init --function actor --num 5 --payload-s3 s3://bucket/six
    assert_equal "$stderr" \
        'pt-init: --payload: 6291457 bytes exceed Lambda'"'"'s limit of 6291456 for a synchronous invocation'
    head -c 68000000 /dev/zero >"$OBJECTS/bucket/large"
    run -2 --separate-stderr pt-init --function actor --num 5 --payload-s3 s3://bucket/large
    assert_equal "$stderr" "pt-init: --payload-s3: s3://bucket/large: $AWS_ENDPOINT_URL_S3: the response is larger than 67108864 bytes"
    assert_equal "$(grep -c large "$BATS_TEST_TMPDIR/s3.log")" 1
}

@test "moto's S3, an independent implementation, returns the same bytes" {
    command -v moto_server >/dev/null && command -v aws >/dev/null || skip "no moto_server and aws command here"
    port=$((20000 + RANDOM % 20000))
    moto_server -p "$port" >/dev/null 2>&1 3>&- &
    moto=$!
    until curl -s "http://127.0.0.1:$port/" >/dev/null; do
        kill -0 "$moto" || return 1
        sleep 0.1
    done
    export AWS_ENDPOINT_URL_S3=http://127.0.0.1:$port AWS_ENDPOINT_URL_LAMBDA=$ENDPOINT
    printf '{"é": 1.0}' >"$BATS_TEST_TMPDIR/object"
    aws s3api create-bucket --bucket my.bucket >/dev/null
    aws s3api put-object --bucket my.bucket --key 'a b/ü+.json' --body "$BATS_TEST_TMPDIR/object" >/dev/null
    run -0 --separate-stderr payload 's3://my.bucket/a b/ü+.json'
    kill "$moto"
    assert_equal "$output" '{"é": 1.0}'
}
