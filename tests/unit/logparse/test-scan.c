/* The vector scanner gives the same results as a comparison byte by byte. */
#include "logparse/prefix.h"
#include "logparse/scan.h"
#include "unit/unit.h"
#include "util/timestamp.h"

#include <stdint.h>

static const char *scan_slowly(const char *start, const char *end, enum log_anchor *found) {
    for (const char *at = start; at < end; at++) {
        size_t left = (size_t)(end - at);
        if (left >= 18 && memcmp(at, "REPORT RequestId: ", 18) == 0)
            *found = ANCHOR_REPORT;
        else if (left >= 17 && memcmp(at, "REPORT Duration: ", 17) == 0)
            *found = ANCHOR_UNNAMED;
        else if (left >= 15 && memcmp(at, "platform.report", 15) == 0)
            *found = ANCHOR_JSON_REPORT;
        else if (left >= 15 && memcmp(at, "used_memory_max", 15) == 0)
            *found = ANCHOR_INSIGHTS;
        else if (at > start && at[-1] == '\n' && (*at == '{' || *at == '['))
            *found = ANCHOR_BRACKET;
        else
            continue;
        return at;
    }
    return NULL;
}

static int64_t time_of(const char *text) {
    int64_t time = -1;
    const char *end = timestamp_parse(text, text + strlen(text), &time);
    return end && !*end ? time : -1;
}

int main(void) {
    TEST("every anchor is found at every offset, and nothing else is found") {
        static const char *const pieces[] = {"REPORT RequestId: ",
                                             "REPORT RequestId:",
                                             "platform.report",
                                             "REPORT Duration: ",
                                             "\n{",
                                             "\n[",
                                             "{",
                                             "\n",
                                             "PORT",
                                             "used_memory",
                                             "m.",
                                             "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                                             "x",
                                             "used_memory_max",
                                             "RE",
                                             "platfor"};
        uint64_t state = 42;
        char text[1024];
        for (int round = 0; round < 20000; round++) {
            size_t length = 0;
            for (int i = 0; i < 12; i++) {
                state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
                const char *piece = pieces[state >> 60];
                memcpy(text + length, piece, strlen(piece));
                length += strlen(piece);
            }
            const char *at = text + (state >> 40) % 4, *end = text + length;
            enum log_anchor fast = ANCHOR_NONE, slow = ANCHOR_NONE;
            const char *wide = log_scan(at, end, &fast), *plain = scan_slowly(at, end, &slow);
            CHECK(wide == plain && fast == slow);
        }
    }
    TEST("newlines are counted in text of any length") {
        char text[9000];
        memset(text, '\n', sizeof text);
        for (size_t length = 0; length < sizeof text; length += 1 + length / 7)
            CHECK(log_count_lines(text, length) == length);
        memset(text, 'x', sizeof text);
        CHECK(log_count_lines(text, sizeof text) == 0);
    }
    TEST("a time is read in all its forms") {
        CHECK(time_of("2024-05-01T10:00:00Z") == INT64_C(1714557600000));
        CHECK(time_of("2024-05-01 10:00:00.123456") == INT64_C(1714557600123));
        CHECK(time_of("2024/05/01 12:00:00.5+02:00") == INT64_C(1714557600500));
        CHECK(time_of("2024-05-01T05:00:00-0500") == INT64_C(1714557600000));
        CHECK(time_of("2024-05-01 12:00:00 (+02:00)") == INT64_C(1714557600000));
        CHECK(time_of("1999-12-31T23:59:59Z") == INT64_C(946684799000));
        CHECK(time_of("2024-13-01T10:00:00Z") == -1);
        CHECK(time_of("2024-05-01") == -1);
    }
    return unit_end();
}
