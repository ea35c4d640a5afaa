/* tune/reportline: the REPORT line and platform.report. */
#include "tune/measurement.h"
#include "tune/reportline.h"
#include "unit/unit.h"

#define ID "6d6fe7e6-ebb9-59bb-86fb-584407f77e5a"
#define FIVE                                                                                                 \
    "REPORT RequestId: " ID                                                                                  \
    "\tDuration: 5.20 ms\tBilled Duration: 6 ms\tMemory Size: 128 MB\tMax Memory Used: 57 MB"
#define WRITTEN                                                                                              \
    "{\"type\":\"measurement\",\"power\":128,\"requestId\":\"" ID                                            \
    "\",\"durationMs\":5.20,\"billedDurationMs\":6,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57"

static enum report_result parse(const char *line, struct text *written) {
    struct report report;
    const char *stop;
    enum report_result result = reportline_parse((struct span){line, 0}, line + strlen(line), &report, &stop);
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
    TEST("brackets, Markdown, HTML, no-break spaces, commas and bars may be between and around the parts") {
        static const char *const lines[] = {
            "REPORT] RequestId: " ID
            " Duration: 5.20 ms Billed Duration: 6 ms Memory Size: 128 MB Max Memory Used: 57 MB",
            "REPORT RequestId:** " ID
            " **Duration:** 5.20 ms **Billed Duration**: 6 ms **Memory Size:** **128 "
            "MB** Max Memory Used: 57 MB**",
            "REPORT** RequestId: `" ID "` | Duration: `5.20 ms` | Billed Duration: 6 ms | Memory Size: 128 "
            "MB | Max Memory Used: 57 MB |",
            "REPORT</td><td>RequestId: " ID "</td><td>Duration: 5.20 ms<br/>Billed Duration: 6 ms<b>Memory "
            "Size:</b> 128 MB&nbsp;Max&nbsp;Memory&nbsp;Used:&#9;57&nbsp;MB</td>",
            "REPORT\xc2\xa0RequestId:\xc2\xa0" ID "\xc2\xa0"
            "Duration: 5.20\xc2\xa0ms Billed\xc2\xa0"
            "Duration: 6 ms Memory Size: 128 MB Max Memory Used: 57 MB\xc2\xa0",
            "REPORT RequestId: " ID
            ", Duration: 5.20 ms, Billed Duration: 6 ms; Memory Size: 128 MB, Max Memory Used: 57 MB"};
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
            check_written(&out, lines[i], WRITTEN "}");
    }
    TEST("a report begins with its two words and a separator after each") {
        static const char *const others[] = {
            "REPORTRequestId: aaaaaaaaaaaaaa",   "REPORT RequestId:aaaaaaaaaaaaaaa",
            "REPORT RequestIds: aaaaaaaaaaaaa",  "REPORT <x>RequestId: aaaaaaaaaa",
            "REPORT\nRequestId: aaaaaaaaaaaaaa", "REPORT of RequestId: aaaaaaaaaa"};
        const char *one = "REPORT RequestId:  a\n", *cut = "REPORT RequestId: ";
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            CHECK(!reportline_id(others[i], others[i] + strlen(others[i])));
        CHECK(reportline_id(one, one + strlen(one)) == one + 19);
        CHECK(reportline_id(cut, cut + strlen(cut)) == cut + strlen(cut));
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
    TEST("the following lines that begin with a field complete a report, and no others") {
        static const struct {
            const char *rest;
            enum report_result result;
            int stop; /* where the report ends in `rest`; -1: at its end, more may follow */
        } cases[] = {{"\nMax Memory Used: 57 MB\nDuration of it: 3 ms\n", REPORT_READ, 23},
                     {"\n\n  Max Memory Used: 57 MB\r\nInit Duration: 1 ms\nEND", REPORT_READ, 47},
                     {"\nMax Memory Used: 57 MB\n", REPORT_READ, -1},
                     {"\nEND\nMax Memory Used: 57 MB\n", REPORT_OPEN, 0},
                     {"\nMax Memory Used: x\nMax Memory Used: 57 MB\n", REPORT_BAD, 19},
                     {"\n10:01 Max Memory Used: 57 MB\n10:02 Init Duration: 1 ms\nEND", REPORT_READ, 55},
                     {"\n10.01 Max Memory Used: 57 MB\n", REPORT_OPEN, 0},
                     {"\tMax Memory Used: 57 MB\nInit Duration: 1 ms\n", REPORT_READ, 23}};
        static const char first[] =
            "10:00 REPORT RequestId: a\tDuration: 1 ms\tBilled Duration: 1 ms\tMemory Size: 1 MB";
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            struct report report;
            char text[200];
            const char *stop;
            snprintf(text, sizeof text, "%s%s", first, cases[i].rest);
            const char *end = text + strlen(text);
            const char *wanted = cases[i].stop < 0 ? end : text + sizeof first - 1 + cases[i].stop;
            CHECK(reportline_parse((struct span){text, 6}, end, &report, &stop) == cases[i].result);
            CHECK(stop == wanted);
        }
    }
    text_release(&out);
    return unit_end();
}
