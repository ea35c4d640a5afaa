/* tune/reportline: the REPORT line and platform.report. */
#include "tune/measurement.h"
#include "tune/reportline.h"
#include "unit/unit.h"

#define ID "6d6fe7e6-ebb9-59bb-86fb-584407f77e5a"
#define FIVE                                                                                                 \
    "REPORT RequestId: " ID                                                                                  \
    "\tDuration: 5.20 ms\tBilled Duration: 6 ms\tMemory Size: 128 MB\tMax Memory Used: 57 MB"
#define NEXT "START RequestId: " ID "\n"
#define WRITTEN                                                                                              \
    "{\"type\":\"measurement\",\"power\":128,\"requestId\":\"" ID                                            \
    "\",\"durationMs\":5.20,\"billedDurationMs\":6,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57"

static enum report_result parse(const char *line, struct text *written) {
    struct report report;
    enum report_result result = reportline_parse(line, line + strlen(line), &report);
    text_clear(written);
    if (result == REPORT_READ)
        measurement_append(written, &report, &(struct origin){0});
    return result;
}

static void check_written(struct text *written, const char *line, const char *wanted) {
    CHECK(parse(line, written) == REPORT_READ);
    CHECK_TEXT(text_string(written), wanted);
}

int main(void) {
    struct text out = TEXT_INIT;
    TEST("fields are separated by tabs, blanks, line ends, or nothing after a unit") {
        check_written(&out, FIVE "\t", WRITTEN "}");
        check_written(&out, FIVE, WRITTEN "}");
        check_written(&out, FIVE "  \r\n", WRITTEN "}");
        check_written(&out,
                      "REPORT RequestId: " ID
                      " Duration: 5.20 msBilled Duration: 6 msMemory Size: 128 MBMax Memory Used: 57 MB",
                      WRITTEN "}");
        check_written(
            &out,
            "REPORT RequestId: " ID
            "\nDuration: 5.20 ms\nBilled Duration: 6 ms\nMemory Size: 128 MB\nMax Memory Used: 57 MB",
            WRITTEN "}");
    }
    TEST("the fast path reads the common line like the general parser, and no other line") {
        static const char *const common[] = {FIVE "\t\n" NEXT, FIVE "\tInit Duration: 162.18 ms\t\n" NEXT,
                                             FIVE "\n" NEXT, FIVE "\tInit Duration: 1 ms\n" NEXT};
        static const char *const others[] = {FIVE "\t",
                                             FIVE "\t \n",
                                             FIVE "\tStatus: error\n",
                                             FIVE "\tInit Duration: 1\n",
                                             FIVE "\r\n",
                                             "REPORT RequestId: " ID " Duration: 5.20 ms\n"};
        struct report fast, slow;
        struct text again = TEXT_INIT;
        for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
            const char *newline = strchr(common[i], '\n');
            CHECK(reportline_parse_fast(common[i], common[i] + strlen(common[i]), &fast) == newline);
            CHECK(reportline_parse(common[i], newline, &slow) == REPORT_READ);
            text_clear(&out);
            text_clear(&again);
            measurement_append(&out, &fast, &(struct origin){0});
            measurement_append(&again, &slow, &(struct origin){0});
            CHECK_TEXT(text_string(&out), text_string(&again));
        }
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            CHECK(!reportline_parse_fast(others[i], others[i] + strlen(others[i]), &fast));
        text_release(&again);
    }
    TEST("field names match completely, in any order") {
        check_written(&out,
                      "REPORT RequestId: " ID "\tRuntime Duration: 1 ms\tMax Memory Used: 57 MB\tMemory "
                      "Size: 128 MB\tBilled Duration: 6 ms\tDuration: 5.20 ms",
                      WRITTEN "}");
        check_written(&out, FIVE "\tRestore Duration: 7 ms\tBilled Restore Duration: 3 ms",
                      "{\"type\":\"measurement\",\"power\":128,\"requestId\":\"" ID
                      "\",\"durationMs\":5.20,\"billedDurationMs\":6,"
                      "\"restoreDurationMs\":7,\"billedRestoreDurationMs\":3,\"memorySizeMB\":128,"
                      "\"maxMemoryUsedMB\":57}");
    }
    TEST("status and error type are one word each") {
        check_written(&out, FIVE "\tStatus: error\tError Type: Runtime.ExitError\r",
                      WRITTEN ",\"status\":\"error\",\"errorType\":\"Runtime.ExitError\"}");
        check_written(&out, FIVE "\tStatus: timeout\",x", WRITTEN ",\"status\":\"timeout\"}");
    }
    TEST("leading zeros are not part of a number") {
        check_written(&out,
                      "REPORT RequestId: a\tDuration: 005.20 ms\tBilled Duration: 0 ms\tMemory Size: 0128 "
                      "MB\tMax Memory Used: 00 MB",
                      "{\"type\":\"measurement\",\"power\":128,\"requestId\":\"a\",\"durationMs\":5.20,"
                      "\"billedDurationMs\":0,"
                      "\"memorySizeMB\":128,\"maxMemoryUsedMB\":0}");
    }
    TEST("a request id is written as JSON") {
        check_written(&out,
                      "REPORT RequestId: \xff'x\tDuration: 1 ms\tBilled Duration: 1 ms\tMemory Size: 1 "
                      "MB\tMax Memory Used: 1 MB",
                      "{\"type\":\"measurement\",\"power\":1,\"requestId\":\"\xef\xbf\xbd'x\",\"durationMs\":"
                      "1,\"billedDurationMs\":1,"
                      "\"memorySizeMB\":1,\"maxMemoryUsedMB\":1}");
    }
    TEST("a report without a required field is open, one with an impossible value is bad") {
        CHECK(parse("REPORT RequestId: " ID, &out) == REPORT_OPEN);
        CHECK(parse("REPORT RequestId: " ID "\tDuration: 5.20 ms\tBilled Duration: 6 ms\tMemory Size: 128 MB",
                    &out) == REPORT_OPEN);
        CHECK(parse(FIVE "\tInit Duration: 16", &out) == REPORT_BAD);
        CHECK(parse(FIVE "\tInit Duration: ", &out) == REPORT_BAD);
        CHECK(parse("REPORT RequestId: a\tDuration: 1. ms", &out) == REPORT_BAD);
        CHECK(parse("REPORT RequestId: a\tDuration: 1234567890 ms", &out) == REPORT_BAD);
        CHECK(parse("REPORT RequestId: a\tMemory Size: 0 MB", &out) == REPORT_BAD);
        CHECK(parse("REPORT RequestId: a\tMemory Size: 1.5 MB", &out) == REPORT_BAD);
        CHECK(parse("REPORT RequestId: ", &out) == REPORT_BAD);
    }
    TEST("the rest of a cut report takes no values from the next one on its line") {
        CHECK(parse("REPORT RequestId: a\tDuration: 1 ms\tBilled DurREPORT RequestId: b\tBilled Duration: 2 "
                    "ms\tMemory Size: 1 MB\tMax Memory Used: 1 MB",
                    &out) == REPORT_OPEN);
    }
    TEST("a line that begins with a field continues a report") {
        const char *yes = " Billed Duration: 3 ms", *no = "Duration of it: 3 ms";
        CHECK(reportline_continues(yes, yes + strlen(yes)));
        CHECK(!reportline_continues(no, no + strlen(no)));
    }
    text_release(&out);
    return unit_end();
}
