/* Fuzzes pt-pick with broken records. */
#define main pick_main
#include "pt-pick.c"
#undef main
#define FILTER_MAIN pick_main

#include "unit/filter-fuzz.h"

#define STAT(memory_mb)                                                                                      \
    "{\"type\":\"stat\",\"value\":" memory_mb                                                                \
    ",\"averageDuration\":5.2,\"averagePrice\":1.25e-8,\"totalCost\":1e-7,\"count\":10,"                     \
    "\"warm\":{\"count\":9,\"averageDuration\":5,\"averagePrice\":1e-8},\"cold\":{\"count\":1,"              \
    "\"averageDuration\":7,"                                                                                 \
    "\"averagePrice\":2e-8}}\n"

static const char *const corpus[] = {
    STAT("128") STAT(
        "256") "{\"type\":\"stat\",\"value\":512,\"count\":0,\"failed\":3,\"failedByErrorType\":{\"E\":3}}\n",
    "{\"type\":\"plan\",\"strategy\":\"balanced\",\"balancedWeight\":0.3,\"includeOutputResults\":true,"
    "\"region\":\"cn-north-1\","
    "\"memorySizeMB\":128,\"visualizationURL\":\"https://x/\"}\n" STAT(
        "128") "{\"type\":\"failure\",\"power\":128,\"kind\":\"timeout\",\"excluded\":true,\"errorType\":"
               "\"E\",\"message\":\"m\"}\n" STAT("1024"),
    "{\"type\":\"plan\",\"dryRun\":true}\n{\"type\":\"invocation\",\"power\":128,\"statusCode\":200}\n"
    "{\"type\":\"invocation\",\"power\":256,\"statusCode\":200,\"functionError\":\"Unhandled\"}\n",
    "{\"type\":\"stat\",\"functionName\":\"f\",\"value\":128,\"averageDuration\":5,\"averagePrice\":1,"
    "\"totalCost\":1,\"count\":1}\n",
    "{\"type\":\"plan\",\"num\":9,\"powerValues\":[128,256,512],\"untilSure\":0.5}\n"
    "{\"type\":\"configuration\",\"power\":128,\"num\":1,\"version\":\"7\"}\n"
    "{\"type\":\"measurement\",\"power\":128,\"index\":0,\"requestId\":\"r\",\"durationMs\":7.5,"
    "\"billedDurationMs\":8,\"memorySizeMB\":128,\"maxMemoryUsedMB\":50,\"initDurationMs\":3}\n"
    "{\"type\":\"failure\",\"power\":256,\"index\":0,\"kind\":\"functionError\",\"errorType\":"
    "\"MemoryError\"}\n"};
enum { CORPUS = sizeof corpus / sizeof *corpus };

int main(void) {
    char *plain[] = {(char *)"pt-pick", NULL};
    char *next[] = {(char *)"pt-pick", (char *)"--next", (char *)"--limit=p95<=1s", NULL};
    char *table[] = {(char *)"pt-pick", (char *)"--format=table", (char *)"--cold-rate=1%", NULL};
    TEST("every prefix of records is read to its end") fuzz_prefixes(plain, corpus, CORPUS);
    TEST("mutated records are read to their end") fuzz_mutations(plain, corpus, CORPUS, 20000);
    TEST("mutated records are read to their end for a table at another rate of cold starts")
    fuzz_mutations(table, corpus, CORPUS, 10000);
    TEST("mutated records are read to their end with --next") fuzz_mutations(next, corpus, CORPUS, 3000);
    return unit_end();
}
