/* aws/sigv4 against AWS's published test suite (tests/fixtures/sigv4-vectors.ndjson), step by step. */
#include "aws/sigv4.h"
#include "unit/unit.h"
#include "util/files.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>

enum { MAX_HEADERS = 8 };

#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

struct vector {
    char *name, *service, *method, *path, *query, *body, *canonical, *hash, *signature;
    bool keep_path, encode_path_once;
    struct sigv4_header headers[MAX_HEADERS];
    char *header_lines[MAX_HEADERS];
    size_t header_count;
};

static char *member_string(struct span object, const char *name) {
    struct span value;
    struct text content = TEXT_INIT;
    if (!json_member(object, name, &value) || !json_decode_string(value, &content))
        return memory_copy_string("");
    char *string = memory_copy_string(text_string(&content));
    text_release(&content);
    return string;
}

static bool member_true(struct span object, const char *name) {
    struct span value;
    return json_member(object, name, &value) && json_type(value) == JSON_TRUE;
}

static void read_headers(struct span object, struct vector *vector) {
    struct span list, token;
    if (!json_member(object, "headers", &list))
        return;
    struct json_cursor cursor = json_cursor(list);
    while (vector->header_count < MAX_HEADERS && json_next_element(&cursor, &token)) {
        struct text line = TEXT_INIT;
        json_decode_string(token, &line);
        char *copy = memory_copy_string(text_string(&line));
        text_release(&line);
        char *colon = strchr(copy, ':');
        if (colon)
            *colon = '\0';
        vector->header_lines[vector->header_count] = copy;
        vector->headers[vector->header_count++] = (struct sigv4_header){copy, colon ? colon + 1 : ""};
    }
}

static struct vector read_vector(struct span object) {
    struct vector vector = {.name = member_string(object, "name"),
                            .service = member_string(object, "service"),
                            .method = member_string(object, "method"),
                            .path = member_string(object, "path"),
                            .query = member_string(object, "query"),
                            .body = member_string(object, "body"),
                            .canonical = member_string(object, "canonicalRequest"),
                            .hash = member_string(object, "canonicalSha256"),
                            .signature = member_string(object, "signature"),
                            .keep_path = member_true(object, "keepPath"),
                            .encode_path_once = member_true(object, "encodePathOnce")};
    read_headers(object, &vector);
    return vector;
}

static void release_vector(struct vector *vector) {
    char *strings[] = {vector->name, vector->service,   vector->method, vector->path,     vector->query,
                       vector->body, vector->canonical, vector->hash,   vector->signature};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        free(strings[i]);
    for (size_t i = 0; i < vector->header_count; i++)
        free(vector->header_lines[i]);
}

static struct sigv4_scope scope_of(const struct vector *vector) {
    bool s3 = strcmp(vector->service, "s3") == 0;
    struct sigv4_scope scope = {.access_key_id = s3 ? "AKIAIOSFODNN7EXAMPLE" : "AKIDEXAMPLE",
                                .secret_access_key = s3 ? "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
                                                        : "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                                .region = "us-east-1",
                                .service = vector->service};
    sigv4_time(s3 ? 1369353600 : 1440938160, scope.time);
    return scope;
}

static void check_steps(const struct vector *vector, const struct sigv4_request *request,
                        const struct sigv4_scope *scope, struct text *signed_headers) {
    struct text canonical = TEXT_INIT, string_to_sign = TEXT_INIT, wanted = TEXT_INIT;
    unsigned char key[SHA256_SIZE];
    char signature[SHA256_HEX_SIZE];
    sigv4_canonical_request(request, &canonical, signed_headers);
    CHECK_TEXT(text_string(&canonical), vector->canonical);
    sigv4_string_to_sign(scope, text_string(&canonical), canonical.length, &string_to_sign);
    text_append_format(&wanted, "AWS4-HMAC-SHA256\n%s\n%.8s/us-east-1/%s/aws4_request\n%s", scope->time,
                       scope->time, vector->service, vector->hash);
    CHECK_TEXT(text_string(&string_to_sign), text_string(&wanted));
    sigv4_signing_key(scope, key);
    sigv4_signature(key, text_string(&string_to_sign), string_to_sign.length, signature);
    CHECK_TEXT(signature, vector->signature);
    text_release(&canonical);
    text_release(&string_to_sign);
    text_release(&wanted);
}

static void check_vector(const struct vector *vector) {
    char payload_sha256[SHA256_HEX_SIZE];
    sha256_hex(vector->body, strlen(vector->body), payload_sha256);
    struct sigv4_request request = {.method = vector->method,
                                    .path = vector->path,
                                    .query = vector->query,
                                    .headers = vector->headers,
                                    .header_count = vector->header_count,
                                    .payload_sha256 = payload_sha256,
                                    .encode_path_once = vector->encode_path_once,
                                    .keep_path = vector->keep_path};
    struct sigv4_scope scope = scope_of(vector);
    struct text names = TEXT_INIT, authorization = TEXT_INIT, wanted = TEXT_INIT;
    check_steps(vector, &request, &scope, &names);
    struct sigv4_signer signer = {{0}, {0}};
    sigv4_authorization(&signer, &scope, &request, &authorization);
    text_append_format(
        &wanted,
        "AWS4-HMAC-SHA256 Credential=%s/%.8s/us-east-1/%s/aws4_request, SignedHeaders=%s, Signature=%s",
        scope.access_key_id, scope.time, vector->service, text_string(&names), vector->signature);
    CHECK_TEXT(text_string(&authorization), text_string(&wanted));
    text_release(&names);
    text_release(&authorization);
    text_release(&wanted);
}

static size_t check_published_vectors(void) {
    const char *fixtures = getenv("FIXTURES");
    struct text path = TEXT_INIT, content = TEXT_INIT;
    text_append_format(&path, "%s/sigv4-vectors.ndjson", fixtures ? fixtures : "tests/fixtures");
    size_t count = 0;
    if (file_read(path.bytes, 1 << 20, &content)) {
        char *rest = NULL;
        for (char *line = strtok_r(content.bytes, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
            struct span object;
            if (!json_check(span_of(line), &object, NULL))
                continue;
            struct vector vector = read_vector(object);
            TEST(vector.name) {
                check_vector(&vector);
            }
            unit_close();
            release_vector(&vector);
            count++;
        }
    }
    text_release(&path);
    text_release(&content);
    return count;
}

static struct text encoded(const char *bytes, bool slash) {
    struct text out = TEXT_INIT;
    uri_encode(bytes, strlen(bytes), slash, &out);
    return out;
}

static void check_authorization_of(struct sigv4_signer *signer, const struct sigv4_scope *scope,
                                   const char *wanted_end) {
    struct sigv4_header host = {"Host", "example.amazonaws.com"};
    struct sigv4_header headers[] = {host, {"X-Amz-Date", scope->time}};
    struct sigv4_request request = {.method = "GET",
                                    .path = "/",
                                    .query = "",
                                    .headers = headers,
                                    .header_count = 2,
                                    .payload_sha256 = EMPTY_SHA256};
    struct text got = TEXT_INIT;
    sigv4_authorization(signer, scope, &request, &got);
    CHECK(got.length >= strlen(wanted_end));
    CHECK_TEXT(text_string(&got) + got.length - strlen(wanted_end), wanted_end);
    text_release(&got);
}

static void check_signing_key(void) {
    static const unsigned char wanted[SHA256_SIZE] = {
        0xc4, 0xaf, 0xb1, 0xcc, 0x57, 0x71, 0xd8, 0x71, 0x76, 0x3a, 0x39, 0x3e, 0x44, 0xb7, 0x03, 0x57,
        0x1b, 0x55, 0xcc, 0x28, 0x42, 0x4d, 0x1a, 0x5e, 0x86, 0xda, 0x6e, 0xd3, 0xc1, 0x54, 0xa4, 0xb9};
    struct sigv4_scope scope = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "iam",
                                "20150830T123600Z"};
    unsigned char key[SHA256_SIZE];
    sigv4_signing_key(&scope, key);
    CHECK(memcmp(key, wanted, sizeof key) == 0);
}

/* A remembered key must not be used for other inputs. All inputs but the secret are compared, and a new
 * secret comes with a new access key. */
static void check_remembered_key(void) {
    struct sigv4_signer signer = {{0}, {0}};
    struct sigv4_scope scope = {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1",
                                "service", "20150830T123600Z"};
    static const char vanilla[] = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    for (int i = 0; i < 2; i++)
        check_authorization_of(&signer, &scope, vanilla);
    struct sigv4_scope others[] = {scope, scope, scope, scope};
    others[0].region = "eu-west-1";
    others[1].service = "lambda";
    others[2].access_key_id = "AKIDOTHER";
    others[2].secret_access_key = "another";
    memcpy(others[3].time, "20150831T123600Z", SIGV4_TIME_SIZE);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct sigv4_signer fresh = {{0}, {0}};
        struct text wanted = TEXT_INIT;
        struct sigv4_request request = {
            .method = "GET", .path = "/", .query = "", .payload_sha256 = EMPTY_SHA256};
        struct sigv4_header headers[] = {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", others[i].time}};
        request.headers = headers;
        request.header_count = 2;
        sigv4_authorization(&fresh, &others[i], &request, &wanted);
        check_authorization_of(&signer, &others[i], text_string(&wanted));
        text_release(&wanted);
    }
    check_authorization_of(&signer, &scope, vanilla);
}

/* When the scope does not fit the memory of the signer, the key is computed for each request. */
static void check_long_name(void) {
    char long_id[400];
    memset(long_id, 'A', sizeof long_id - 1);
    long_id[sizeof long_id - 1] = '\0';
    struct sigv4_signer signer = {{0}, {0}};
    struct sigv4_scope scope = {long_id, "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service",
                                "20150830T123600Z"};
    static const char vanilla[] = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";
    check_authorization_of(&signer, &scope, vanilla);
    scope.access_key_id = "AKIDEXAMPLE";
    check_authorization_of(&signer, &scope, vanilla);
}

int main(void) {
    size_t count = check_published_vectors();
    TEST("all published cases were read") {
        CHECK(count == 47);
    }
    TEST("the signing key matches the published one") {
        check_signing_key();
    }
    TEST("a remembered signing key is used only for the scope and key it was made from") {
        check_remembered_key();
    }
    TEST("an access key that is too long to remember still signs correctly") {
        check_long_name();
    }
    TEST("a time has the form of x-amz-date") {
        char time[SIGV4_TIME_SIZE];
        sigv4_time(0, time);
        CHECK_TEXT(time, "19700101T000000Z");
        sigv4_time(1709210096, time);
        CHECK_TEXT(time, "20240229T123456Z");
        sigv4_time((time_t)1 << 62, time);
        CHECK_TEXT(time, "19700101T000000Z");
    }
    TEST("colons in a path are percent-encoded, and slashes only inside a segment") {
        struct text arn = encoded("arn:aws:lambda:eu-west-1:1:function:f/x y", false);
        CHECK_TEXT(text_string(&arn), "arn%3Aaws%3Alambda%3Aeu-west-1%3A1%3Afunction%3Af%2Fx%20y");
        struct text path = encoded("/a b/\xc3\xa9~", true);
        CHECK_TEXT(text_string(&path), "/a%20b/%C3%A9~");
        text_release(&arn);
        text_release(&path);
    }
    return unit_end();
}
