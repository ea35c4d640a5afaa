/* Fuzzes pt-report's parsing and sections with broken records and links. */
#include "report/chartdata.h"
#include "report/html.h"
#include "report/internal.h"
#include "report/page.h"
#include "report/run-source.h"

/* Makes all of a page except its parts from share/. */
static int report_main(int argc, char **argv) {
    const struct report_settings settings = {.strategy = -1, .weight = -1, .invocations_per_month = 1e6};
    struct report_runs runs = {0};
    struct text out = TEXT_INIT, data = TEXT_INIT;
    bool good = source_read(argc > 1 ? argv[1] : "-", &runs);
    for (size_t i = 0; i < runs.count; i++)
        report_run_finish(&runs.list[i], &settings);
    for (size_t i = 0; i < runs.count; i++) {
        section_summary(&out, &runs.list[i]);
        section_figures(&out, &runs.list[i], i);
        section_spread(&out, &runs.list[i], i);
        section_starts(&out, &runs.list[i], i);
        section_details(&out, &runs.list[i], i, &settings);
    }
    if (runs.count > 1)
        section_comparison(&out, &runs);
    chart_data_append(&data, &runs);
    html_json(&out, (struct span){data.bytes, data.length});
    text_release(&out);
    text_release(&data);
    report_runs_close(&runs);
    return good ? 0 : 2;
}
#define FILTER_MAIN report_main

#include "unit/filter-fuzz.h"

#define STAT(memory_mb)                                                                                      \
    "{\"type\":\"stat\",\"value\":" memory_mb ",\"averageDuration\":5.2,\"averagePrice\":1.25e-8,"           \
    "\"totalCost\":1e-7,\"count\":10,\"currency\":\"USD\",\"costOfMillionWithRequests\":0.2,"                \
    "\"durationMs\":{\"min\":1,\"p50\":2,\"p99\":9,\"trimmedMean\":5,\"trimmedMeanInterval\":[4,6]},"        \
    "\"billedDurationMs\":{\"trimmedMean\":5,\"trimmedMeanInterval\":[4,6]},"                                \
    "\"warm\":{\"count\":9,\"averageDuration\":5,\"averagePrice\":1e-8},"                                    \
    "\"cold\":{\"count\":1,\"averageDuration\":7,\"averagePrice\":2e-8}}\n"
#define MEASUREMENT                                                                                          \
    "{\"type\":\"measurement\",\"power\":128,\"durationMs\":5.5,\"billedDurationMs\":6,\"status\":\"ok\"}\n"

static const char *const corpus[] = {
    "{\"type\":\"plan\",\"functionName\":\"f\",\"runId\":\"20261120T081500Z-0a1b2c\",\"memorySizeMB\":256,"
    "\"region\":\"eu-west-1\",\"strategy\":\"balanced\",\"discardTopBottom\":0.2,\"powerValues\":[128,256],"
    "\"payloads\":[{\"payload\":\"{}\",\"weight\":1}]}\n" STAT("128") STAT("256") MEASUREMENT MEASUREMENT,
    STAT("128") "{\"type\":\"failure\",\"power\":256,\"kind\":\"timeout\",\"excluded\":true,\"message\":"
                "\"m\"}\n"
                "{\"power\":128,\"cost\":1,\"duration\":1,\"stateMachine\":{\"lambdaCost\":1,"
                "\"visualization\":\"https://x/#\"},\"excluded\":[{\"power\":128,\"reason\":\"r\"}],"
                "\"confidence\":0.9}\n",
    "{\"type\":\"stat\",\"functionName\":\"f\",\"value\":128,\"averageDuration\":5,\"averagePrice\":1,"
    "\"count\":1}\n{\"type\":\"stat\",\"functionName\":\"g\",\"value\":128,\"averageDuration\":5,"
    "\"averagePrice\":1,\"count\":1}\n{\"basis\":\"oneSize\"}\n"};
enum { CORPUS = sizeof corpus / sizeof *corpus };

static void links(void) {
    static const char whole[] =
        "https://x/#gAEAAgAEAAYACA==;Go9qRqDLVUbymEpGgC0jRn/iMkY=;41bGOHAK8Th8bWQ5mvyJObyvyTk=;"
        "gAEAAgAEAAYACA==;0+hrRh7TR0YDoxBG/mQCRjclCkY=;sX2hOBZhtji8AgQ5ZIcyOV8vfDk=;JS%20x86;JS%20ARM64";
    char link[sizeof whole];
    for (size_t length = 8; length < sizeof whole; length++) {
        memcpy(link, whole, length);
        link[length] = '\0';
        char *arguments[] = {(char *)"pt-report", link, NULL};
        fuzz_run(arguments, "", 0);
        if (length + 2 < sizeof whole) {
            memcpy(link, whole, sizeof whole);
            memcpy(link + length, ";%f", 2 + length % 2 < sizeof whole - length ? 2 + length % 2 : 2);
            fuzz_run(arguments, "", 0);
        }
    }
}

int main(void) {
    char *plain[] = {(char *)"pt-report", NULL};
    TEST("every prefix of records is read to its end") fuzz_prefixes(plain, corpus, CORPUS);
    TEST("mutated records are read to their end") fuzz_mutations(plain, corpus, CORPUS, 4000);
    TEST("cut and broken links are read to their end") links();
    return unit_end();
}
