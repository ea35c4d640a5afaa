/* The reports in the log tail of a response. */
#include "invoke/response.h"
#include "unit/unit.h"
#include "util/base64.h"

static const char id[] = "8d5d4f2a-0000-4000-8000-000000000001";

/* response_has_report for a log tail that is not yet encoded. */
static bool has_report(const char *tail) {
    struct text encoded = TEXT_INIT;
    base64_encode(tail, strlen(tail), &encoded);
    bool has = response_has_report(text_string(&encoded), id);
    text_release(&encoded);
    return has;
}

int main(void) {
    TEST("only a report of the invocation itself counts, as text or as JSON") {
        CHECK(has_report("END RequestId: 8d5d4f2a-0000-4000-8000-000000000001\n"
                         "REPORT RequestId: 8d5d4f2a-0000-4000-8000-000000000001\tDuration: 1 ms"));
        CHECK(!has_report("REPORT RequestId: 8d5d4f2a-0000-4000-8000-000000000002\tDuration: 1 ms"));
        CHECK(!has_report("START RequestId: 8d5d4f2a-0000-4000-8000-000000000001\n"));
        CHECK(!has_report(""));
        CHECK(has_report("{\"type\":\"platform.report\",\"record\":{\"requestId\":"
                         "\"8d5d4f2a-0000-4000-8000-000000000001\"}}"));
        CHECK(!has_report("{\"type\":\"platform.report\",\"record\":{\"requestId\":\"another\"}}"));
    }
    TEST("a response without a log tail, or with one that is not base64, has none") {
        CHECK(!response_has_report(NULL, id));
        CHECK(!response_has_report("%%%", id));
        CHECK(!response_has_report("", NULL));
    }
    return unit_end();
}
