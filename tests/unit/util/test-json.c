/* util/json: which text is JSON, where its parts are, and what is written. */
#include "unit/unit.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>

#define LITERAL(bytes) ((struct span){(bytes), sizeof(bytes) - 1})

static void check_error(struct span text, size_t offset, const char *reason) {
    struct span value = {"untouched", 9};
    struct json_error error = {999, "none"};
    CHECK(!json_check(text, &value, &error));
    CHECK_TEXT(error.reason, reason);
    if (error.offset != offset) {
        printf("# offset %zu, wanted %zu, in %.*s\n", error.offset, offset, (int)text.length, text.start);
        unit_fail(__FILE__, __LINE__, "offset");
    }
    CHECK(span_equals(value, "untouched"));
}

static void check_accepted(const char *text) {
    struct span value;
    struct json_error error;
    if (!json_check(span_of(text), &value, &error)) {
        printf("# refused at %zu (%s): %s\n", error.offset, error.reason, text);
        unit_fail(__FILE__, __LINE__, "refused");
    }
}

static void check_errors(void) {
    check_error(LITERAL(""), 0, "unexpected end");
    check_error(LITERAL(" \n"), 2, "unexpected end");
    check_error(LITERAL("{\"a\" 1}"), 5, "expected ':'");
    check_error(LITERAL("{a:1}"), 1, "expected a member name in quotes");
    check_error(LITERAL("{\"a\":1,}"), 7, "expected a member name in quotes");
    check_error(LITERAL("[1,]"), 3, "expected a value");
    check_error(LITERAL("[1 2]"), 3, "expected ',' or ']'");
    check_error(LITERAL("{\"a\":1]"), 6, "expected ',' or '}'");
    check_error(LITERAL("1 1"), 2, "unexpected text after the value");
    check_error(LITERAL("truth"), 0, "expected a value");
    check_error(LITERAL("NaN"), 0, "expected a value");
    check_error(LITERAL("\xef\xbb\xbf{}"), 0, "expected a value");
    check_error(LITERAL("\"a"), 2, "unexpected end inside a string");
    check_error(LITERAL("\"\\x\""), 1, "invalid escape");
    check_error(LITERAL("\"\\\0\""), 1, "invalid escape");
    check_error(LITERAL("\"\\u12g4\""), 1, "invalid \\u escape");
    check_error(LITERAL("\"\t\""), 1, "control character inside a string");
    check_error(LITERAL("\"\0\""), 1, "control character inside a string");
    check_error(LITERAL("\"\xc3\""), 1, "invalid UTF-8");
    check_error(LITERAL("\"\xed\xa0\x80\""), 1, "invalid UTF-8");
    check_error(LITERAL("{}\0"), 2, "unexpected text after the value");
    check_error(LITERAL("01"), 1, "unexpected text after the value");
    check_error(LITERAL("-"), 1, "unexpected end inside a number");
    check_error(LITERAL("1.x"), 2, "expected a digit");
    check_error(LITERAL("1e+"), 3, "unexpected end inside a number");
    check_error(LITERAL("+1"), 0, "expected a value");
    check_error(LITERAL(".5"), 0, "expected a value");
    check_error(LITERAL("'a'"), 0, "expected a value");
    check_error(LITERAL("[1]/**/"), 3, "unexpected text after the value");
}

static void check_depth(size_t depth, bool accepted) {
    char *text = memory_zeroed(depth + 1, 2);
    for (size_t i = 0; i < depth; i++) {
        text[i] = '[';
        text[2 * depth - 1 - i] = ']';
    }
    struct json_error error = {0, ""};
    CHECK(json_check(span_of(text), NULL, &error) == accepted);
    if (!accepted)
        CHECK_TEXT(error.reason, "nested too deeply");
    free(text);
}

static void check_member(const char *object, const char *name, const char *wanted) {
    struct span checked, value = {"", 0};
    CHECK(json_check(span_of(object), &checked, NULL));
    bool found = json_member(checked, name, &value);
    CHECK(found == (wanted != NULL));
    if (wanted && !span_equals(value, wanted)) {
        printf("# got %.*s, wanted %s\n", (int)value.length, value.start, wanted);
        unit_fail(__FILE__, __LINE__, name);
    }
}

static void check_walk(const char *container, const char *wanted) {
    struct span checked, name, value;
    struct text got = TEXT_INIT;
    CHECK(json_check(span_of(container), &checked, NULL));
    struct json_cursor cursor = json_cursor(checked);
    if (json_type(checked) == JSON_OBJECT)
        while (json_next_member(&cursor, &name, &value))
            text_append_format(&got, "<%.*s=%.*s>", (int)name.length, name.start, (int)value.length,
                               value.start);
    CHECK(!json_next_member(&cursor, &name, &value)); /* an array has none */
    if (json_type(checked) == JSON_ARRAY)
        while (json_next_element(&cursor, &value))
            text_append_format(&got, "<%.*s>", (int)value.length, value.start);
    CHECK_TEXT(text_string(&got), wanted);
    text_release(&got);
}

static void check_decoded(const char *token, const char *wanted, bool exact) {
    struct text out = TEXT_INIT;
    CHECK(json_decode_string(span_of(token), &out) == exact);
    CHECK_TEXT(text_string(&out), wanted);
    text_release(&out);
}

static void check_strings(void) {
    check_decoded("\"\"", "", true);
    check_decoded("\"a\\n\\t\\b\\f\\r\\\"\\\\\\/z\"", "a\n\t\b\f\r\"\\/z", true);
    check_decoded("\"\\u00e9\\u20AC\\ud83d\\ude00\"", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", true);
    check_decoded("\"\\ud83d\"", "\xef\xbf\xbd", false);
    check_decoded("\"\\ude00x\"", "\xef\xbf\xbdx", false);
    check_decoded("\"\\ud83d\\u0041\"",
                  "\xef\xbf\xbd"
                  "A",
                  false);
    check_decoded("\"\\ud83d\\ud83d\\ude00\"", "\xef\xbf\xbd\xf0\x9f\x98\x80", false);
    struct text out = TEXT_INIT;
    CHECK(json_decode_string(LITERAL("\"a\\u0000b\""), &out) && out.length == 3 &&
          memcmp(out.bytes, "a\0b", 3) == 0);
    text_release(&out);
    CHECK(json_string_is(span_of("\"power\""), "power") &&
          json_string_is(span_of("\"p\\u006fwer\""), "power"));
    CHECK(!json_string_is(span_of("\"powe\""), "power") &&
          !json_string_is(span_of("\"power\\u0000\""), "power"));
    CHECK(!json_string_is(span_of("12"), "12") && !json_string_is((struct span){NULL, 0}, ""));
}

static void check_whole(const char *token, bool whole, long long wanted) {
    long long number = -99;
    bool got = json_whole_number(span_of(token), &number);
    if (got != whole || number != (whole ? wanted : -99)) {
        printf("# %s: %s %lld\n", token, got ? "whole" : "not whole", number);
        unit_fail(__FILE__, __LINE__, token);
    }
}

static void check_numbers(void) {
    check_whole("0", true, 0);
    check_whole("-0", true, 0);
    check_whole("10.0", true, 10);
    check_whole("1e1", true, 10);
    check_whole("1.5e1", true, 15);
    check_whole("100E-2", true, 1);
    check_whole("9007199254740992", true, 9007199254740992);
    check_whole("-9007199254740992", true, -9007199254740992);
    check_whole("9007199254740993", false, 0);
    check_whole("9007199254740994", false, 0);
    check_whole("1e400", false, 0);
    check_whole("1.5", false, 0);
    check_whole("128.00000000000000000001", false, 0);
    check_whole("0.99999999999999999999", false, 0);
    check_whole("1e-400", false, 0);
    check_whole("0e400", true, 0);
    check_whole("true", false, 0);
    check_whole("\"1\"", false, 0);
    CHECK(json_number(span_of("0.1")) == 0.1 && json_number(span_of("-1e3")) == -1000);
    CHECK(isinf(json_number(span_of("1e400"))) && isinf(json_number(span_of("-1e400"))));
    CHECK(json_number((struct span){"123456", 3}) == 123);
    char digits[200] = "0.";
    memset(digits + 2, '3', 190);
    CHECK_NEAR(json_number(span_of(digits)), 1 / 3.0, 1e-15);
}

static void check_number_written(double number, const char *wanted) {
    struct text out = TEXT_INIT;
    json_append_number(&out, number);
    CHECK_TEXT(text_string(&out), wanted);
    text_release(&out);
}

static void check_numbers_written(void) {
    check_number_written(0, "0");
    check_number_written(-0.0, "0");
    check_number_written(128, "128");
    check_number_written(-7, "-7");
    check_number_written(0.1, "0.1");
    check_number_written(2.0833333333333334e-09, "2.0833333333333334e-09");
    check_number_written(1e15, "1e+15");
    check_number_written(123456789012345, "123456789012345");
    check_number_written((double)INFINITY, "null");
    check_number_written((double)NAN, "null");
    unsigned long long state = 1;
    for (int i = 0; i < 20000; i++) {
        struct text out = TEXT_INIT;
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        double number;
        memcpy(&number, &state, sizeof number);
        json_append_number(&out, number);
        struct span value;
        CHECK(json_check((struct span){out.bytes, out.length}, &value, NULL));
        CHECK(!isfinite(number) || json_number(value) == number);
        text_release(&out);
    }
}

static void check_writing(void) {
    struct text out = TEXT_INIT;
    text_append_byte(&out, '{');
    json_put_string(&out, "type", "a \"b\"\n\x01\x7f\xc3\xa9");
    json_put_string(&out, "absent", NULL);
    json_put_number(&out, "power", 128);
    json_put_boolean(&out, "flag", true);
    json_put_value(&out, "exact", span_of("1.0"));
    json_put_value(&out, "gone", (struct span){NULL, 0});
    json_put_name(&out, "list");
    text_append_byte(&out, '[');
    for (int i = 0; i < 2; i++) {
        json_separate(&out);
        json_append_number(&out, i);
    }
    text_append_byte(&out, ']');
    json_put_span(&out, "bad", LITERAL("\xff\xc3z"));
    text_append_byte(&out, '}');
    CHECK_TEXT(text_string(&out),
               "{\"type\":\"a \\\"b\\\"\\n\\u0001\x7f\xc3\xa9\",\"power\":128,\"flag\":true,\"exact\":1.0,"
               "\"list\":[0,1],\"bad\":\"\xef\xbf\xbd\xef\xbf\xbdz\"}");
    CHECK(json_check(span_of(text_string(&out)), NULL, NULL));
    text_release(&out);
}

static void check_sorted(const char *text, const char *wanted, bool exact) {
    struct text out = TEXT_INIT;
    CHECK(json_append_sorted(&out, span_of(text)) == exact);
    CHECK_TEXT(text_string(&out), wanted);
    text_release(&out);
}

/* Deeper than the sorting, down to the greatest depth: the rest is copied. */
static void check_sorted_depth(void) {
    struct text text = TEXT_INIT, out = TEXT_INIT;
    for (int i = 0; i < JSON_MAX_DEPTH; i++)
        text_append_byte(&text, '[');
    for (int i = 0; i < JSON_MAX_DEPTH; i++)
        text_append_byte(&text, ']');
    CHECK(json_append_sorted(&out, (struct span){text.bytes, text.length}));
    CHECK_TEXT(text_string(&out), text.bytes);
    text_release(&text);
    text_release(&out);
}

static void check_string_member(const char *object, const char *wanted) {
    struct text out = TEXT_INIT;
    text_append_string(&out, "-");
    CHECK(json_get_string(json_get(span_of(object), "a"), "b", &out) == (wanted != NULL));
    CHECK_TEXT(out.bytes + 1, wanted ? wanted : "");
    CHECK(out.bytes[0] == '-');
    text_release(&out);
}

static void check_prefix(const char *text, size_t length) {
    struct span value = {NULL, 0};
    CHECK(json_check_prefix(span_of(text), &value, NULL) == (length > 0));
    CHECK(value.length == length);
}

int main(void) {
    TEST("every type of value is accepted, with white space around it") {
        static const char *const texts[] = {"{}",
                                            "[]",
                                            "\"\"",
                                            "0",
                                            "-0.0e-0",
                                            "1e400",
                                            "true",
                                            "false",
                                            "null",
                                            " \t\r\n{ \"a\" : [ 1 , { } ] } \n",
                                            "123456789012345678901234567890",
                                            "{\"a\":1,\"a\":2}",
                                            "\"\\ud800\"",
                                            "[[[]],{}]",
                                            "\"\x7f\""};
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            check_accepted(texts[i]);
    }
    TEST("invalid JSON is refused with the position and the reason") {
        check_errors();
    }
    TEST("10,000 levels are accepted and one more is refused") {
        check_depth(JSON_MAX_DEPTH, true);
        check_depth(JSON_MAX_DEPTH + 1, false);
    }
    TEST("a value may be followed by other text") {
        check_prefix("{\"a\":[1]}, more", 9);
        check_prefix("12 ", 2);
        check_prefix(" 12", 0);
        check_prefix("\"x\"\"y\"", 3);
    }
    TEST("members are found by their decoded name, the last of several, only at the top level") {
        check_member("{\"a\":1,\"b\":{\"a\":2},\"c\":[{\"a\":3}]}", "a", "1");
        check_member("{\"a\":1,\"\\u0061\": 20.0 }", "a", "20.0");
        check_member("{\"x\":\"a\\\"}\",\"a\":\"\\\\\"}", "a", "\"\\\\\"");
        check_member("{}", "a", NULL);
        check_member("[\"a\",1]", "a", NULL);
    }
    TEST("a string inside an object is read, but not one that a C string cannot hold") {
        check_string_member("{\"a\":{\"b\":\"\\u00e9\\n\"}}", "\xc3\xa9\n");
        check_string_member("{\"a\":{\"b\":\"\"}}", "");
        check_string_member("{\"a\":{\"b\":\"x\\u0000y\"}}", NULL);
        check_string_member("{\"a\":{\"b\":\"x\\ud800\"}}", NULL);
        check_string_member("{\"a\":{\"b\":null}}", NULL);
        check_string_member("{\"a\":{}}", NULL);
        check_string_member("{\"a\":\"b\"}", NULL);
        check_string_member("{}", NULL);
    }
    TEST("cursors return every part as its exact bytes") {
        check_walk("{}", "");
        check_walk("[ ]", "");
        check_walk("{ \"a\" : 1.0 , \"b\":{\"c\":[1, 2]},\"d\":\"],}\"}",
                   "<\"a\"=1.0><\"b\"={\"c\":[1, 2]}><\"d\"=\"],}\">");
        check_walk("[ 1 ,[2,{\"x\":3}], \"a\\\\\",null\n]", "<1><[2,{\"x\":3}]><\"a\\\\\"><null>");
        check_walk("17", "");
        check_walk("[\"a\",1]", "<\"a\"><1>");
    }
    TEST("strings are decoded, and lone surrogates become U+FFFD") {
        check_strings();
    }
    TEST("whole numbers are read in every notation, up to 2^53") {
        check_numbers();
    }
    TEST("written numbers read back as the same number") {
        check_numbers_written();
    }
    TEST("objects are written with commas, without absent members") {
        check_writing();
    }
    TEST("texts with the same content are the same when they are sorted") {
        check_sorted("{\"b\": [1.0, {\"d\":null , \"c\":true}],\"a\":\"\"}",
                     "{\"a\":\"\",\"b\":[1.0,{\"c\":true,\"d\":null}]}", true);
        check_sorted("{\"ab\":1,\"a\":2,\"\":3,\"\\u0061\":4}", "{\"\":3,\"a\":4,\"ab\":1}", true);
        check_sorted("\"\\/\\u00e9\\u000a\\\"\"", "\"/\xc3\xa9\\n\\\"\"", true);
        check_sorted("[ 12345678901234567890, 1e400 ]", "[12345678901234567890,1e400]", true);
        check_sorted("{\"a\":\"\\ud800\"}", "{\"a\":\"\xef\xbf\xbd\"}", false);
        check_sorted("{\"\\u0000\":1}", "{\"\\u0000\":1}", false);
        check_sorted("[]", "[]", true);
        check_sorted("{ }", "{}", true);
        check_sorted_depth();
    }
    return unit_end();
}
