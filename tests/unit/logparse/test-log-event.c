/* logparse/log-event.h: only a complete event without a report is skipped. */
#include "logparse/log-event.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const events[] = {
    "{\"logStreamName\":\"a\",\"timestamp\":1714557600000,\"message\":\"text\",\"ingestionTime\":1,"
    "\"eventId\":\"9\"}",
    "{\"timestamp\":0,\"message\":\"\",\"ingestionTime\":12345678901234567890}",
    "{\n  \"logStreamName\": \"2024/05/01/[$LATEST]deba\",\n  \"timestamp\": 1714557600000,\n"
    "  \"message\": \"a \\\"quoted\\\" thing, a backslash \\\\ and {\\\"type\\\":\\\"other\\\"}\\n\",\n"
    "  \"ingestionTime\": 1714557600500,\n  \"eventId\": \"35417278923900157220568013870260337006\"\n}",
    "{\"timestamp\" : 5 , \"message\" : \"PO m. \\n{ REPORT platform\" , \"ingestionTime\" : 6 }"};

static const char *const others[] = {
    "{}",
    "{\"message\":\"text\",\"timestamp\":1,\"ingestionTime\":1}",
    "{\"timestamp\":1,\"message\":\"text\"}",
    "{\"timestamp\":1,\"message\":\"REPORT RequestId: 4\",\"ingestionTime\":1}",
    "{\"timestamp\":1,\"message\":\"{\\\"type\\\":\\\"platform.report\\\"}\",\"ingestionTime\":1}",
    "{\"timestamp\":01,\"message\":\"text\",\"ingestionTime\":1}",
    "{\"timestamp\":-1,\"message\":\"text\",\"ingestionTime\":1}",
    "{\"timestamp\":1,\"message\":null,\"ingestionTime\":1}",
    "{\"timestamp\":1,\"message\":\"a\nb\",\"ingestionTime\":1}",
    "{\"timestamp\":1,\"message\":\"text\",\"ingestionTime\":1,\"more\":1}",
    "{\"timestamp\":1,\"message\":\"text\",\"ingestionTime\":1,}",
    "{\"timestamp\":1 \"message\":\"text\",\"ingestionTime\":1}"};

/* Copies the bytes to memory of their own, so that the sanitizers detect reads after their end. */
static const char *pass(const char *text, size_t length, size_t *passed) {
    char *copy = malloc(length ? length : 1);
    if (!copy)
        exit(99);
    memcpy(copy, text, length);
    const char *end = log_event_pass(copy, copy + length);
    *passed = end ? (size_t)(end - copy) : 0;
    free(copy);
    return end;
}

int main(void) {
    size_t passed;
    TEST("an event is skipped up to its closing brace, whatever its layout") {
        for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
            CHECK(pass(events[i], strlen(events[i]), &passed) && passed == strlen(events[i]));
            char more[1000];
            snprintf(more, sizeof more, "%s, {}", events[i]);
            CHECK(pass(more, strlen(more), &passed) && passed == strlen(events[i]));
        }
    }
    TEST("an incomplete event is not skipped") {
        for (size_t i = 0; i < sizeof events / sizeof *events; i++)
            for (size_t length = 0; length < strlen(events[i]); length++)
                CHECK(!pass(events[i], length, &passed));
    }
    TEST("an event with a report or other members, or that is not JSON, is left to the general reader") {
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            CHECK(!pass(others[i], strlen(others[i]), &passed));
    }
    return unit_end();
}
