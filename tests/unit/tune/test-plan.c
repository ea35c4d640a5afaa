/* tune/plan: reading the plan record. */
#include "tune/plan.h"
#include "unit/unit.h"

#include <stdlib.h>
#include <unistd.h>

#define HEAD                                                                                                 \
    "\"type\":\"plan\",\"schema\":1,\"runId\":\"20261123T101112Z-abcdef\",\"lambdaARN\":\"f\","              \
    "\"functionName\":\"f\","                                                                                \
    "\"region\":\"us-east-1\",\"memorySizeMB\":128,\"num\":5"

static void check_refused(const char *object, const char *wanted) {
    struct plan plan;
    struct text problem = TEXT_INIT;
    CHECK(!plan_read(span_of(object), &plan, &problem));
    CHECK_TEXT(text_string(&problem), wanted);
    text_release(&problem);
}

int main(void) {
    TEST("a plan is read with its payload's exact bytes") {
        struct plan plan;
        struct text problem = TEXT_INIT;
        CHECK(plan_read(span_of("{" HEAD ",\"powerValues\":[128,512],\"payload\":\"{\\\"n\\\": 1.0}\","
                                "\"description\":\"d\",\"allowedExceptions\":[\"A\",\"B\"],\"unknown\":[1]}"),
                        &plan, &problem));
        CHECK_TEXT(plan.run_id, "20261123T101112Z-abcdef");
        CHECK(plan.memory_size_count == 2 && plan.memory_sizes[1] == 512);
        CHECK_TEXT(plan.payloads.payloads[0].body.bytes, "{\"n\": 1.0}");
        CHECK_TEXT(plan.description, "d");
        CHECK(plan_allows_error(&plan, "B") && !plan_allows_error(&plan, "C"));
        plan_release(&plan);
    }
    TEST("weighted payloads are read with their weights") {
        struct plan plan;
        struct text problem = TEXT_INIT;
        CHECK(plan_read(span_of("{" HEAD
                                ",\"powerValues\":[128],\"payloads\":[{\"payload\":\"1\",\"weight\":2},"
                                "{\"payload\":\"2\",\"weight\":3}]}"),
                        &plan, &problem));
        CHECK(plan.payloads.count == 2 && plan.payloads.use == PAYLOAD_WEIGHTED);
        CHECK_NEAR(plan.payloads.payloads[1].weight, 3, 0);
        plan_release(&plan);
    }
    TEST("a missing or wrong member is named") {
        check_refused("{\"type\":\"plan\"}", "no member 'schema'");
        check_refused("{\"type\":\"plan\",\"schema\":2}", "member 'schema' is 2, not within 1..1");
        check_refused("{" HEAD ",\"powerValues\":[]}", "member 'powerValues' is not a list of memory sizes");
        check_refused("{" HEAD ",\"powerValues\":[128]}", "no payload");
        check_refused("{" HEAD ",\"powerValues\":[128],\"payloadFile\":\"/proc/none\",\"payloadBytes\":1}",
                      "cannot read payload file '/proc/none': No such file or directory");
        check_refused("{" HEAD ",\"powerValues\":[128],\"payloads\":[]}", "member 'payloads' is empty");
        check_refused("{" HEAD ",\"powerValues\":[128],\"payloads\":[{\"payload\":\"1\",\"weight\":2},"
                      "{\"payload\":\"2\"}]}",
                      "member 'payloads' has an element without a weight over 0");
    }
    TEST("a payload may be in a file, which must have the length that the plan records") {
        char path[] = "/tmp/test-plan.XXXXXX", object[600];
        int file = mkstemp(path);
        CHECK(file >= 0 && write(file, "{\"n\": 1.0}", 10) == 10);
        close(file);
        struct plan plan;
        struct text problem = TEXT_INIT;
        snprintf(object, sizeof object,
                 "{" HEAD ",\"powerValues\":[128],\"payloads\":[{\"payloadFile\":\"%s\",\"payloadBytes\":10,"
                 "\"weight\":1}]}",
                 path);
        CHECK(plan_read(span_of(object), &plan, &problem));
        CHECK_TEXT(plan.payloads.payloads[0].body.bytes, "{\"n\": 1.0}");
        plan_release(&plan);
        snprintf(object, sizeof object,
                 "{" HEAD ",\"powerValues\":[128],\"payloadFile\":\"%s\",\"payloadBytes\":11}", path);
        text_append_format(&problem, "payload file '%s' does not have the 11 bytes that the plan records",
                           path);
        check_refused(object, text_string(&problem));
        text_release(&problem);
        unlink(path);
    }
    return unit_end();
}
