/* make-log: writes a log like Lambda's for the benchmarks. The same arguments give the same log.
 *
 *     make-log MEGABYTES [text|mixed|events]
 *
 * Each invocation has START, lines of the function of 20 to 2,000 bytes, END and REPORT: about one report
 * per kilobyte, at six sizes, 2 % of them cold. mixed: 30 % of the reports are JSON. events: the output of
 * aws logs filter-log-events. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORM_TEXT, FORM_MIXED, FORM_EVENTS };

static uint64_t state = 88172645463325252u;

static uint64_t next_random(uint64_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % below;
}

static unsigned long long bytes_left;

static void put(int form, const char *message) {
    static unsigned long event;
    int length;
    if (form == FORM_EVENTS)
        length = printf(
            "%s        {\n"
            "            \"logStreamName\": \"2024/05/01/[$LATEST]debaa76862ec44c5c87069106a7a71ae\",\n"
            "            \"timestamp\": %lu,\n"
            "            \"message\": \"%s\\n\",\n"
            "            \"ingestionTime\": %lu,\n"
            "            \"eventId\": \"354172789239001572205680138702603370066638784%011lu\"\n"
            "        }",
            event ? ",\n" : "{\n    \"events\": [\n", 1714557600000 + event, message, 1714557600500 + event,
            event);
    else
        length = printf("%s\n", message);
    event++;
    bytes_left = bytes_left > (unsigned long long)length ? bytes_left - (unsigned long long)length : 0;
}

static void user_line(char *line) {
    static const char words[] =
        "received message from the queue with 17 items in 3 batches, "
        "Retry of order 4711 took 12.7 ms; cache miss, fetching https://example.com/a/b?c=d "
        "{'status': 'ok', 'total': 12} next page is empty. ";
    size_t length = 20 + next_random(next_random(4) ? 280 : 1980);
    size_t at = next_random(sizeof words - 1);
    for (size_t i = 0; i < length; i++)
        line[i] = words[(at + i) % (sizeof words - 1)];
    line[length] = '\0';
}

static void invocation(int form) {
    static const int sizes[] = {128, 256, 512, 1024, 1536, 3008};
    const char *tab = form == FORM_EVENTS ? "\\t" : "\t";
    char id[64], line[4096];
    snprintf(id, sizeof id, "%08llx-%04llx-4%03llx-9%03llx-%012llx",
             (unsigned long long)next_random(1ULL << 32), (unsigned long long)next_random(65536),
             (unsigned long long)next_random(4096), (unsigned long long)next_random(4096),
             (unsigned long long)next_random(1ULL << 48));
    snprintf(line, sizeof line, "START RequestId: %s Version: $LATEST", id);
    put(form, line);
    for (uint64_t lines = 1 + next_random(3); lines; lines--) {
        user_line(line);
        put(form, line);
    }
    snprintf(line, sizeof line, "END RequestId: %s", id);
    put(form, line);
    int size = sizes[next_random(6)];
    unsigned long long hundredths = 12000000 / (unsigned)size + next_random(90000);
    unsigned long long billed = (hundredths + 99) / 100,
                       init = next_random(50) ? 0 : 10000 + next_random(40000);
    billed += (init + 99) / 100;
    if (form == FORM_MIXED && next_random(10) < 3) {
        char cold[64] = "";
        if (init)
            snprintf(cold, sizeof cold, ",\"initDurationMs\":%llu.%03llu", init / 100, init % 100 * 10);
        snprintf(line, sizeof line,
                 "{\"time\":\"2024-05-01T10:00:00.000Z\",\"type\":\"platform.report\",\"record\":{"
                 "\"requestId\":\"%s\","
                 "\"metrics\":{\"durationMs\":%llu.%03llu,\"billedDurationMs\":%llu,\"memorySizeMB\":%d,"
                 "\"maxMemoryUsedMB\":%d%s},\"status\":\"success\"}}",
                 id, hundredths / 100, hundredths % 100 * 10, billed, size, 60 + (int)next_random(60), cold);
    } else {
        char cold[64] = "";
        if (init)
            snprintf(cold, sizeof cold, "Init Duration: %llu.%02llu ms%s", init / 100, init % 100, tab);
        snprintf(
            line, sizeof line,
            "REPORT RequestId: %s%sDuration: %llu.%02llu ms%sBilled Duration: %llu ms%sMemory Size: %d MB%s"
            "Max Memory Used: %d MB%s%s",
            id, tab, hundredths / 100, hundredths % 100, tab, billed, tab, size, tab,
            60 + (int)next_random(60), tab, cold);
    }
    put(form, line);
}

int main(int argc, char **argv) {
    /* Writes in pieces as large as the read-ahead of a disk, so that the page cache holds the file in
     * large pages. */
    static char pieces[128 * 1024];
    setvbuf(stdout, pieces, _IOFBF, sizeof pieces);
    int form = argc > 2 && strcmp(argv[2], "mixed") == 0    ? FORM_MIXED
               : argc > 2 && strcmp(argv[2], "events") == 0 ? FORM_EVENTS
                                                            : FORM_TEXT;
    bytes_left = strtoull(argc > 1 ? argv[1] : "512", NULL, 10) << 20;
    while (bytes_left)
        invocation(form);
    if (form == FORM_EVENTS)
        printf("\n    ],\n    \"searchedLogStreams\": []\n}\n");
    return fflush(stdout) || ferror(stdout);
}
