/* tune/payload: the bytes that are sent, and how weighted payloads share the invocations. */
#include "tune/payload.h"
#include "unit/unit.h"

/* The body of a single payload. */
static void check_body(const char *value, const char *wanted) {
    struct payload_list list;
    struct text problems = TEXT_INIT;
    CHECK(payload_list_read(span_of(value), 5, &list, &problems) && list.count == 1);
    CHECK_TEXT(text_string(&list.payloads[0].body), wanted);
    payload_list_release(&list);
    text_release(&problems);
}

static void check_list(const char *value, long long num, const long long *shares, size_t count) {
    struct payload_list list;
    struct text problems = TEXT_INIT;
    CHECK(payload_list_read(span_of(value), num, &list, &problems));
    CHECK_TEXT(text_string(&problems), "");
    CHECK(list.count == count);
    long long seen[8] = {0};
    for (long long index = 0; index < num; index++)
        seen[payload_of_index(&list, index, num)]++;
    for (size_t i = 0; i < count; i++)
        CHECK(seen[i] == shares[i]);
    payload_list_release(&list);
    text_release(&problems);
}

/* The mixed order takes each index once, so that the shares stay the same. Of the first ten invocations no
 * payload gets more than nine: each has a share of at least a tenth. */
static void check_mixed(const char *value, long long num) {
    struct payload_list list;
    struct text problems = TEXT_INIT;
    if (payload_list_read(span_of(value), num, &list, &problems)) {
        long long shares[8] = {0}, all[8] = {0}, early[8] = {0};
        for (long long index = 0; index < num; index++) {
            size_t payload = payload_of_index_mixed(&list, index, num);
            shares[payload_of_index(&list, index, num)]++;
            all[payload]++;
            early[payload] += index < 10;
        }
        for (size_t i = 0; i < list.count; i++)
            CHECK(all[i] == shares[i] && (list.count == 1 || num < 20 || early[i] < 10));
    }
    payload_list_release(&list);
    text_release(&problems);
}

static void check_refused(const char *value, long long num, const char *wanted) {
    struct payload_list list;
    struct text problems = TEXT_INIT;
    CHECK(!payload_list_read(span_of(value), num, &list, &problems));
    CHECK_TEXT(text_string(&problems), wanted);
    payload_list_release(&list);
    text_release(&problems);
}

static void check_mistake(const char *content, enum payload_mistake mistake, const char *why) {
    struct text out = TEXT_INIT;
    CHECK(payload_find_mistake(span_of(content), &out) == mistake);
    CHECK_TEXT(text_string(&out), why);
    text_release(&out);
}

int main(void) {
    TEST("every value except a string is sent as it is written") {
        check_body("{ \"n\": 12345678901234567890, \"f\":1.0 }",
                   "{ \"n\": 12345678901234567890, \"f\":1.0 }");
        check_body("[1e400,\"\\ud800\"]", "[1e400,\"\\ud800\"]");
        check_body("1.0", "1.0");
        check_body("null", "null");
    }
    TEST("a string that contains JSON is sent as its content, any other as its token") {
        check_body("\"{\\\"a\\\": 1.0}\"", "{\"a\": 1.0}");
        check_body("\" [1, 2]\\n\"", " [1, 2]\n");
        check_body("\"just a string\"", "\"just a string\"");
        check_body("\"\"", "\"\"");
        check_body("\"caf\\u00e9\"", "\"caf\\u00e9\"");
        check_body("\"\\ud800\"", "\"\\ud800\"");
        check_body("\"12\"", "12");
    }
    TEST("a file's content is sent unchanged when it is JSON, otherwise as a string") {
        struct text body = TEXT_INIT;
        size_t offset = 0;
        CHECK(payload_body_of_content(span_of("{\"a\" : 1}\n"), &body, &offset));
        CHECK_TEXT(body.bytes, "{\"a\" : 1}\n");
        text_clear(&body);
        CHECK(payload_body_of_content(span_of("a \"word\""), &body, &offset));
        CHECK_TEXT(body.bytes, "\"a \\\"word\\\"\"");
        CHECK(!payload_body_of_content(span_of("ab\xff"), &body, &offset));
        CHECK(offset == 2);
        text_release(&body);
    }
    TEST("weighted payloads get floor(weight * num / total) invocations, and the last gets the rest") {
        static const long long thirds[] = {3, 3, 4};
        check_list(
            "[{\"payload\":{},\"weight\":1},{\"payload\":1,\"weight\":1},{\"payload\":2,\"weight\":1}]", 10,
            thirds, 3);
        static const long long uneven[] = {5, 15, 30};
        check_list("[{\"payload\":{},\"weight\":5},{\"payload\":1,\"weight\":15,\"name\":\"x\"},{\"payload\":"
                   "2,\"weight\":30}]",
                   50, uneven, 3);
        static const long long all[] = {7};
        check_list("[{\"payload\":{},\"weight\":0.5}]", 7, all, 1);
    }
    TEST("in mixed order every payload gets its share, and comes early") {
        static const char *const lists[] = {
            "[{\"payload\":{},\"weight\":5},{\"payload\":1,\"weight\":15},{\"payload\":2,\"weight\":30}]",
            "[{\"payload\":{},\"weight\":1}]"};
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            for (long long num = 5; num < 120; num++)
                check_mixed(lists[i], num);
        struct payload_list one = {0};
        CHECK(payload_of_index_mixed(&one, 3, 0) == 0);
    }
    TEST("a list without weights is an ordinary payload") {
        static const long long all[] = {5};
        check_list("[{\"payload\":{}},{\"payload\":1}]", 5, all, 1);
        check_list("[{\"weight\":1,\"name\":2}]", 5, all, 1);
        check_list("[]", 5, all, 1);
        check_list("[1,2]", 5, all, 1);
    }
    TEST("a list that is nearly weighted is refused, with what was probably meant") {
#define AS_STRING " (a list that is one event can be given as a string)\n"
        check_refused("[{\"payload\":{},\"weight\":1},{\"payload\":1,\"wieght\":2}]", 5,
                      "payload: element 2 has 'wieght'; did you mean 'weight'?" AS_STRING);
        check_refused("[{\"Payload\":{},\"weights\":1}]", 5,
                      "payload: element 1 has 'Payload'; did you mean 'payload'?" AS_STRING
                      "payload: element 1 has 'weights'; did you mean 'weight'?" AS_STRING);
        check_refused("[{\"payload\":1},{\"payload\":1,\"weight\":2},3]", 5,
                      "payload: element 1 has no 'weight', unlike others of the list" AS_STRING
                      "payload: element 3 has no 'payload', unlike others of the list" AS_STRING
                      "payload: element 3 has no 'weight', unlike others of the list" AS_STRING);
    }
    TEST("text that is probably not the event is recognized") {
        check_mistake("file://event.json", PAYLOAD_FILE_URL, "is the URL of a file, not an event");
        check_mistake("fileb:///e", PAYLOAD_FILE_URL, "is the URL of a file, not an event");
        check_mistake(" {\"a\":", PAYLOAD_BROKEN_JSON,
                      "begins like JSON, but is not JSON: unexpected end at byte 7");
        check_mistake("[1 2]", PAYLOAD_BROKEN_JSON,
                      "begins like JSON, but is not JSON: expected ',' or ']' at byte 4");
        check_mistake("{\"a\":1}", PAYLOAD_NO_MISTAKE, "");
        check_mistake("file", PAYLOAD_NO_MISTAKE, "");
        check_mistake(" ", PAYLOAD_NO_MISTAKE, "");
        check_mistake("just text", PAYLOAD_NO_MISTAKE, "");
    }
    TEST("weights that cannot be satisfied are refused") {
        check_refused("[{\"payload\":1,\"weight\":0}]", 5,
                      "payload: the weight of element 1 is 0, not a number over 0\n");
        check_refused("[{\"payload\":1,\"weight\":\"1\"}]", 5,
                      "payload: the weight of element 1 is \"1\", not a number over 0\n");
        check_refused(
            "[{\"payload\":1,\"weight\":1},{\"payload\":2,\"weight\":99}]", 10,
            "payload: the weight of element 1 is too small: it gets none of num = 10 invocations\n");
        check_refused("[{\"payload\":1,\"weight\":1},{\"payload\":2,\"weight\":1}]", 1,
                      "payload: 2 weighted payloads are more than num = 1 invocations\n");
    }
    TEST("6,291,456 bytes are allowed, and one more is refused") {
        struct text value = TEXT_INIT, problems = TEXT_INIT;
        struct payload_list list;
        text_append_byte(&value, '[');
        while (value.length < PAYLOAD_LIMIT - 1)
            text_append_byte(&value, ' ');
        text_append_byte(&value, ']');
        CHECK(payload_list_read((struct span){value.bytes, value.length}, 5, &list, &problems));
        payload_list_release(&list);
        value.bytes[value.length - 1] = ' ';
        text_append_byte(&value, ']');
        CHECK(!payload_list_read((struct span){value.bytes, value.length}, 5, &list, &problems));
        CHECK_TEXT(problems.bytes,
                   "payload: 6291457 bytes exceed Lambda's limit of 6291456 for a synchronous invocation\n");
        payload_list_release(&list);
        text_release(&value);
        text_release(&problems);
    }
    return unit_end();
}
