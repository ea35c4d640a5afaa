/* The plan record and the markers of versions. */
#include "tune/plan.h"
#include "unit/unit.h"

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
        CHECK(plan.power_count == 2 && plan.powers[1] == 512);
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
        CHECK(plan.payloads.count == 2 && plan.payloads.weighted);
        CHECK_NEAR(plan.payloads.payloads[1].weight, 3, 0);
        plan_release(&plan);
    }
    TEST("what is missing or wrong is named") {
        check_refused("{\"type\":\"plan\"}", "no member 'schema'");
        check_refused("{\"type\":\"plan\",\"schema\":2}", "member 'schema' is 2, not within 1..1");
        check_refused("{" HEAD ",\"powerValues\":[]}", "member 'powerValues' is not a list of memory sizes");
        check_refused("{" HEAD ",\"powerValues\":[128]}", "no payload");
        check_refused("{" HEAD ",\"powerValues\":[128],\"payloadFile\":\"/nonexistent\",\"payloadBytes\":1}",
                      "cannot read the payload's file '/nonexistent': No such file or directory");
    }
    TEST("a marker names the run, the power and the index") {
        struct text marker = TEXT_INIT, id = TEXT_INIT;
        plan_marker("20261123T101112Z-abcdef", 512, -1, &marker);
        CHECK_TEXT(marker.bytes, "power-tune:20261123T101112Z-abcdef:512");
        CHECK(is_marker(marker.bytes, "20261123T101112Z-abcdef") && is_marker(marker.bytes, NULL));
        CHECK(marker_run_id(marker.bytes, &id));
        CHECK_TEXT(id.bytes, "20261123T101112Z-abcdef");
        text_clear(&marker);
        plan_marker("20261123T101112Z-abcdef", 512, 3, &marker);
        CHECK_TEXT(marker.bytes, "power-tune:20261123T101112Z-abcdef:512:3");
        text_release(&marker);
        text_release(&id);
    }
    TEST("a description with more than a marker is not that of a version of a run") {
        static const char id[] = "20261123T101112Z-abcdef";
        CHECK(is_whole_marker("power-tune:20261123T101112Z-abcdef:512", id));
        CHECK(is_whole_marker("power-tune:20261123T101112Z-abcdef:512:3", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512:3 (trial)", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512 (trial) own words", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512:", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512:3:4", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512", "another"));
    }
    TEST("what only looks like a marker is none") {
        CHECK(!is_marker("", NULL));
        CHECK(!is_marker("my power-tune:x:1", NULL));
        CHECK(!is_marker("power-tune:", NULL));
        CHECK(!is_marker("power-tune::512", NULL));
        CHECK(!is_marker("power-tune:run", NULL));
        CHECK(!is_marker("power-tune:20261123T101112Z-abcdef:512", "20261123T101112Z-abcde"));
        CHECK(!is_marker("power-tune:20261123T101112Z-abcdef:512", "20261123T101112Z-abcdef0"));
    }
    return unit_end();
}
