/* util/json on invalid text: every prefix of valid documents, and mutations from a fixed seed. Accepted text
 * is visited down to its leaves. With a file as the argument, the mutations are written to it, each after its
 * verdict and length, so that another parser can be asked (tests/fuzz.bats). */
#include "unit/unit.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdint.h>
#include <stdlib.h>

enum { MUTATIONS = 100000, MAX_LENGTH = 4096, WALK_DEPTH = 64 };

static const char *const documents[] = {
    "{\"type\":\"plan\",\"schema\":1,\"lambdaARN\":\"arn:aws:lambda:eu-west-1:123456789012:function:f\","
    "\"num\":50}",
    "{\"powerValues\":[128,256,512,1024.0,1.5e3,3008],\"payload\":{\"n\":1.0,\"big\":"
    "123456789012345678901234567890}}",
    " [ true , false , null , -0 , 0.5 , 1E+2 , 1e-2 , \"\" , {} , [] ] \n",
    "{\"a\":{\"b\":{\"c\":{\"d\":[[[[\"deep\"]]]]}}},\"a\":\"again\"}",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20ac\\ud83d\\ude00 plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"",
    "{\"\":0,\" \":1,\"\\u0061\":2,\"\xc3\xa9\":3}",
    "[\"REPORT RequestId: 8a9c\\tDuration: 1.23 ms\\n\",[[],[[]],[[],{}]],-1.7976931348623157e308]",
    "-12.75e-3",
};
enum { DOCUMENTS = sizeof documents / sizeof *documents };

/* xorshift64*: the same sequence everywhere. */
static uint64_t next_random(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static size_t below(uint64_t *state, size_t limit) {
    return (size_t)(next_random(state) % limit);
}

/* Visits every part, so that a sanitizer sees every read. Returns the number of leaves. */
static size_t walk(struct span value, int depth) {
    struct span name, part;
    struct json_cursor cursor = json_cursor(value);
    size_t leaves = 0;
    if (depth > WALK_DEPTH)
        return 0;
    if (json_type(value) == JSON_STRING) {
        struct text text = TEXT_INIT;
        json_decode_string(value, &text);
        text_release(&text);
        return json_string_is(value, "again") ? 2 : 1;
    }
    if (json_type(value) == JSON_NUMBER) {
        long long number;
        CHECK(!json_whole_number(value, &number) || json_number(value) == (double)number);
        return 1;
    }
    if (json_type(value) == JSON_OBJECT)
        while (json_next_member(&cursor, &name, &part)) {
            CHECK(json_type(name) == JSON_STRING && json_check(part, NULL, NULL));
            leaves += walk(part, depth + 1);
        }
    else
        while (json_next_element(&cursor, &part)) {
            CHECK(json_check(part, NULL, NULL));
            leaves += walk(part, depth + 1);
        }
    return leaves;
}

/* Copies the bytes to a block of exactly their size, so that a sanitizer detects reads beyond them. */
static bool check(const char *bytes, size_t length) {
    char *exact = malloc(length ? length : 1);
    struct json_error error = {0, NULL};
    struct span value = {NULL, 0};
    if (!exact)
        return false;
    memcpy(exact, bytes, length);
    struct span text = {exact, length};
    bool accepted = json_check(text, &value, &error);
    if (accepted) {
        CHECK(value.start >= exact && value.start + value.length <= exact + length && value.length > 0);
        walk(value, 0);
    } else {
        CHECK(error.offset <= length && error.reason);
    }
    free(exact);
    return accepted;
}

/* Changes `bytes` (with room for MAX_LENGTH) in one way; returns the new length. */
static size_t mutate(char *bytes, size_t length, uint64_t *random) {
    static const char tokens[] = "{}[]:,\"\\ \n\t0123456789-+.eEtfnu/\x80\xc3\xe2\xf0\xed\xa0\x00\x1f";
    size_t at = below(random, length + 1);
    char byte = below(random, 2) ? tokens[below(random, sizeof tokens)] : (char)below(random, 256);
    size_t count = 1 + below(random, 8);
    switch (below(random, 5)) {
    case 0: /* replace a byte */
        if (at < length)
            bytes[at] = byte;
        return length;
    case 1: /* insert a byte */
        if (length + 1 >= MAX_LENGTH)
            return length;
        memmove(bytes + at + 1, bytes + at, length - at);
        bytes[at] = byte;
        return length + 1;
    case 2: /* remove some bytes */
        count = count > length - at ? length - at : count;
        memmove(bytes + at, bytes + at + count, length - at - count);
        return length - count;
    case 3: /* repeat a part */
        count = count > length - at ? length - at : count;
        if (length + count >= MAX_LENGTH)
            return length;
        memmove(bytes + at + count, bytes + at, length - at);
        return length + count;
    default: /* append the end of another document */
    {
        const char *other = documents[below(random, DOCUMENTS)];
        size_t from = below(random, strlen(other) + 1), rest = strlen(other) - from;
        if (at + rest >= MAX_LENGTH)
            return at;
        memcpy(bytes + at, other + from, rest);
        return at + rest;
    }
    }
}

static size_t check_mutations(FILE *verdicts) {
    uint64_t random = UINT64_C(20240605);
    size_t accepted = 0;
    char bytes[MAX_LENGTH];
    for (size_t i = 0; i < MUTATIONS; i++) {
        const char *document = documents[i % DOCUMENTS];
        size_t length = strlen(document);
        memcpy(bytes, document, length);
        for (size_t steps = 1 + below(&random, 4); steps; steps--)
            length = mutate(bytes, length, &random);
        bool is_json = check(bytes, length);
        accepted += is_json;
        if (verdicts) {
            fprintf(verdicts, "%d %zu ", is_json, length);
            fwrite(bytes, 1, length, verdicts);
        }
    }
    return accepted;
}

static void check_prefixes(const char *document) {
    size_t length = strlen(document);
    bool scalar = json_type(span_of(document)) == JSON_NUMBER;
    CHECK(check(document, length));
    while (length && strchr(" \n", document[length - 1]))
        length--;
    for (size_t i = 0; i < length; i++)
        CHECK(!check(document, i) || scalar);
}

int main(int argc, char **argv) {
    FILE *verdicts = argc > 1 ? fopen(argv[1], "w") : NULL;
    TEST("no prefix of a document is valid, except of a number") {
        for (size_t i = 0; i < DOCUMENTS; i++)
            check_prefixes(documents[i]);
    }
    TEST("100,000 mutations are read without a byte outside") {
        size_t accepted = check_mutations(verdicts);
        printf("# %zu of %d mutations were JSON\n", accepted, MUTATIONS);
        CHECK(accepted > MUTATIONS / 50 && accepted < MUTATIONS / 2);
    }
    CHECK(argc == 1 || (verdicts && fclose(verdicts) == 0));
    return unit_end();
}
