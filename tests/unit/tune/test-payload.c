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
        seen[payload_of(&list, &(struct payload_demand){num, 0, 1}, 0, index, false)]++;
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
            size_t payload = payload_of(&list, &(struct payload_demand){num, 0, 1}, 0, index, true);
            shares[payload_of(&list, &(struct payload_demand){num, 0, 1}, 0, index, false)]++;
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

/* Prepares the events of a JSON array, and compares the list: "BODY*WEIGHT ...". */
static void check_settled(const char *events, enum payload_use use, long long num, long long warmup,
                          const char *wanted) {
    struct payload_list list = {0};
    struct payload_demand demand = {num, warmup, 2};
    struct text problems = TEXT_INIT, settled = TEXT_INIT;
    CHECK(payload_list_add_elements(&list, span_of(events), &problems));
    if (payload_list_settle(&list, use, &demand, &problems))
        for (size_t i = 0; i < list.count; i++)
            text_append_format(&settled, "%s%s*%g", i ? " " : "", text_string(&list.payloads[i].body),
                               list.payloads[i].weight);
    CHECK_TEXT(problems.length ? problems.bytes : text_string(&settled), wanted);
    payload_list_release(&list);
    text_release(&problems);
    text_release(&settled);
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
        CHECK(payload_of(&one, &(struct payload_demand){0, 0, 1}, 0, 3, true) == 0);
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
    TEST("events are weighted by how often they occur, thinned out evenly, or counted") {
        check_settled("[{\"a\":1},2,\"{\\\"a\\\":1}\",2,2,\"x\"]", PAYLOAD_WEIGHTED, 6, 0,
                      "{\"a\":1}*2 2*3 \"x\"*1");
        check_settled("[1,2,3]", PAYLOAD_WEIGHTED, 2, 0,
                      "payload: 3 weighted payloads are more than num = 2 invocations\n");
        check_settled("[0,1,2,3,4,5,6,7,8,9,10,11]", PAYLOAD_IN_TURN, 5, 0, "0*0 2*0 4*0 7*0 9*0");
        check_settled("[0,1]", PAYLOAD_IN_TURN, 5, 0, "0*0 1*0");
        check_settled("[0,1,2,3,4,5,6,7,8,9,10,11,12]", PAYLOAD_ONCE, 5, 1,
                      "0*0 1*0 2*0 3*0 4*0 5*0 6*0 7*0 8*0 9*0 10*0 11*0");
        check_settled(
            "[0,1,2,3,4,5,6,7,8,9,10]", PAYLOAD_ONCE, 5, 1,
            "payloads: each is to be used once, but 11 are fewer than the 12 invocations of this run "
            "(6 at each of 2 sizes)\n");
        check_settled("[]", PAYLOAD_IN_TURN, 5, 0, "payloads: there are none\n");
    }
    TEST("in turn, each size gets the same events in the same order; once, no two invocations get the same") {
        struct payload_list turn = {.count = 3, .use = PAYLOAD_IN_TURN},
                            once = {.count = 14, .use = PAYLOAD_ONCE};
        struct payload_demand demand = {5, 2, 2};
        size_t used[14] = {0};
        for (long long index = -2; index < 5; index++)
            for (size_t size = 0; size < 2; size++) {
                CHECK(payload_of(&turn, &demand, size, index, false) == (size_t)((index + 3) % 3));
                size_t payload = payload_of(&once, &demand, size, index, size > 0);
                CHECK(payload < 14 && !used[payload]++);
            }
        CHECK(payload_of(&once, &demand, 0, 5, false) >= 14);
        CHECK(payload_of(&once, &demand, 0, -3, false) >= 14);
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
