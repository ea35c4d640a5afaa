/* The fast path from a REPORT line to its record, compared with the general one. */
#include "logparse/fast.h"
#include "model/random.h"
#include "tune/measurement.h"
#include "unit/unit.h"

#define ID "6d6fe7e6-ebb9-59bb-86fb-584407f77e5a"
#define QUOTED_ID "6d6fe7e6-ebb9-59bb-86fb-584407f77e\"a"
#define FIVE                                                                                                 \
    "REPORT RequestId: " ID                                                                                  \
    "\tDuration: 5.20 ms\tBilled Duration: 6 ms\tMemory Size: 128 MB\tMax Memory Used: 57 MB"
#define FIGURES                                                                                              \
    "{\"type\":\"measurement\",\"power\":128,\"requestId\":\"" ID                                            \
    "\",\"durationMs\":5.20,\"billedDurationMs\":6,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57"
#define RECORD FIGURES "}\n"
#define JSON_START                                                                                           \
    "{\"time\":\"2024-05-01T10:00:00.000Z\",\"type\":\"platform.report\",\"record\":{\"requestId\":\"" ID "\""
#define JSON_METRICS                                                                                         \
    "\"metrics\":{\"durationMs\":5.20,\"billedDurationMs\":6,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57}"
#define JSON_SUCCESS "\"status\":\"success\""
#define JSON_RECORD FIGURES ",\"status\":\"success\",\"timestamp\":1714557600000}\n"

/* Compares both paths for the line in `bytes`, followed by the required room. True when the fast path took
 * it. */
static bool compare(const char *bytes) {
    struct text fast = TEXT_INIT, slow = TEXT_INIT;
    struct report report;
    text_clear(&fast);
    text_clear(&slow);
    const char *stop = log_fast_report(ANCHOR_REPORT, bytes, bytes, &fast);
    if (!stop) {
        CHECK(fast.length == 0);
    } else {
        CHECK(*stop == '\n' && stop == strchr(bytes, '\n'));
        const char *slow_stop;
        CHECK(reportline_parse((struct span){bytes, 0}, stop, &report, &slow_stop) == REPORT_READ &&
              slow_stop == stop);
        measurement_append(&slow, &report, &(struct origin){0});
        text_append_byte(&slow, '\n');
        CHECK_TEXT(text_string(&fast), text_string(&slow));
    }
    text_release(&fast);
    text_release(&slow);
    return stop != NULL;
}

static bool compare_line(const char *line) {
    char bytes[2 * LOG_FAST_ROOM] = {0};
    snprintf(bytes, sizeof bytes, "%s", line);
    return compare(bytes);
}

/* Compares the records of the lines `lines` with `wanted`; "no": the lines are not all fast. */
static void check_lines(const char *lines, const char *wanted, unsigned long wanted_reports) {
    char bytes[8 * LOG_FAST_ROOM] = {0};
    struct text output = TEXT_INIT;
    unsigned long reports = 0;
    snprintf(bytes, sizeof bytes - LOG_FAST_ROOM, "%s", lines);
    bool fast = log_fast_lines(bytes, bytes + strlen(bytes), &output, &reports);
    CHECK_TEXT(fast ? text_string(&output) : "no", wanted);
    CHECK(!fast || reports == wanted_reports);
    text_release(&output);
}

static void check_blocks(void) {
    check_lines("", "", 0);
    check_lines("text\n[INFO] more\n{object} of text\n" FIVE "\t\n", RECORD, 1);
    /* The possible start of a document, of a record, or of packed events; a report after other text. */
    check_lines("text\n{ \t\r\n", "no", 0);
    check_lines("{ \t\r\n", "no", 0);
    check_lines("[\ntext\n", "no", 0);
    check_lines("text\n{\"type\":\"plan\"}\n", "no", 0);
    check_lines("{\"type\":\"plan\"}\n", "no", 0);
    check_lines("{\"awslogs\":{\"data\":\"H4sIAAAA\"}}\n", "no", 0);
    check_lines("prefix " FIVE "\t\n", "no", 0);
    check_lines("{\"a\":1,\"type\":\"platform.report\"}\n", "no", 0);
    check_lines("words of platform.report\n", "no", 0);
    check_lines(JSON_START "," JSON_METRICS "," JSON_SUCCESS "}}\n", JSON_RECORD, 1);
    check_lines("text\n" JSON_START "," JSON_SUCCESS "," JSON_METRICS "}}\n" FIVE "\n", JSON_RECORD RECORD,
                2);
    static const char *const others[] = {"x" JSON_START "," JSON_METRICS "," JSON_SUCCESS "}}\n",
                                         JSON_START "," JSON_METRICS "}}\n",
                                         JSON_START "," JSON_SUCCESS "," JSON_METRICS "," JSON_SUCCESS "}}\n",
                                         JSON_START "," JSON_METRICS ",\"status\":\"error\"}}\n",
                                         JSON_START "," JSON_METRICS "," JSON_SUCCESS "}}\r\n",
                                         JSON_START ",\n" JSON_METRICS "," JSON_SUCCESS "}}\n"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        check_lines(others[i], "no", 0);
}

static size_t below(struct random *random, size_t limit) {
    return (size_t)(random_bits(random) % limit);
}

int main(void) {
    TEST("lines of the common form are taken, warm and cold, with and without a trailing tab") {
        CHECK(compare_line(FIVE "\t\n"));
        CHECK(compare_line(FIVE "\n"));
        CHECK(compare_line(FIVE "\tInit Duration: 162.18 ms\t\n"));
        CHECK(compare_line(FIVE "\tInit Duration: 1 ms\n"));
        CHECK(compare_line("REPORT RequestId: " ID
                           "\tDuration: 1234567.1234567 ms\tBilled Duration: 1234567.1234567 "
                           "ms\tMemory Size: 999999 MB\tMax Memory Used: 1234567 MB\tInit Duration: "
                           "1234567.1234567 ms\t\n"));
    }
    TEST("lines of any other form are not taken") {
        static const char *const others[] = {
            FIVE,
            FIVE "\t \n",
            FIVE "\tStatus: error\n",
            FIVE "\tInit Duration: 1\n",
            FIVE "\tInit Duration: 1 ms\t\t\n",
            FIVE "\r\n",
            "REPORT RequestId: " ID " Duration: 5.20 ms\n",
            "REPORT RequestId: " ID "\n",
            "REPORT RequestId: " ID
            "\tDuration: 05.20 ms\tBilled Duration: 6 ms\tMemory Size: 128 MB\tMax Memory Used: 57 MB\t\n",
            "REPORT RequestId: " ID
            "\tDuration: 5. ms\tBilled Duration: 6 ms\tMemory Size: 128 MB\tMax Memory Used: 57 MB\t\n",
            "REPORT RequestId: " ID
            "\tDuration: 5.2 ms\tBilled Duration: 6 ms\tMemory Size: 0 MB\tMax Memory Used: 57 MB\t\n",
            "REPORT RequestId: " ID
            "\tDuration: 5.2 ms\tBilled Duration: 6 ms\tMemory Size: 1000001 MB\tMax Memory Used: 57 MB\t\n",
            "REPORT RequestId: " QUOTED_ID "\tDuration: 5.2 ms\t"
            "Billed Duration: 6 ms\tMemory Size: 1 MB\tMax Memory Used: 57 MB\t\n"};
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            CHECK(!compare_line(others[i]));
    }
    TEST("lines are fast only when all of them are") {
        check_blocks();
    }
    TEST("damaged lines are not taken, or give the same record as the general path") {
        static const char line[] = FIVE "\tInit Duration: 162.18 ms\t\n", odd[] = "\t\n .:09mMB\"\\,x\x80";
        struct random random;
        unsigned taken = 0;
        random_seed(&random, 20190401);
        for (unsigned round = 0; round < 200000; round++) {
            char bytes[2 * LOG_FAST_ROOM] = {0};
            size_t length = sizeof line - 1, at = 18 + below(&random, length - 18);
            memcpy(bytes, line, length);
            switch (below(&random, 3)) {
            case 0:
                bytes[at] = odd[below(&random, sizeof odd - 1)];
                break;
            case 1:
                memmove(bytes + at, bytes + at + 1, length - at);
                break;
            default:
                memmove(bytes + at + 1, bytes + at, length - at);
            }
            taken += strchr(bytes, '\n') != NULL && compare(bytes);
        }
        CHECK(taken > 1000 && taken < 150000);
    }
    return unit_end();
}
