/* pt-stats with damaged records. */
#define main stats_main
#include "pt-stats.c"
#undef main
#define FILTER_MAIN stats_main

#include "unit/filter-fuzz.h"

#define MEASUREMENT                                                                                          \
    "{\"type\":\"measurement\",\"power\":128,\"requestId\":\"6d6fe7e6-ebb9-59bb-86fb-584407f77e5a\","        \
    "\"durationMs\":5.20,"                                                                                   \
    "\"billedDurationMs\":6,\"initDurationMs\":162.18,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57"
#define SAMPLE                                                                                               \
    "{\"count\":\"1\",\"sum\":\"5\",\"squares\":\"25\",\"min\":\"5\",\"max\":\"5\","                         \
    "\"times\":[5]}"
#define NONE                                                                                                 \
    "{\"count\":\"0\",\"sum\":\"0\",\"squares\":\"0\",\"min\":\"0\",\"max\":\"0\","                          \
    "\"times\":[]}"

static const char *const corpus[] = {
    MEASUREMENT "}\n" MEASUREMENT ",\"status\":\"timeout\",\"errorType\":\"X\"}\n" MEASUREMENT
                ",\"timestamp\":1588165714132}\n",
    "{\"type\":\"measurement\",\"power\":1e2,\"durationMs\":0.123456789012,\"billedDurationMs\":1,"
    "\"restoreDurationMs\":3}\n",
    "{\"type\":\"plan\",\"region\":\"eu-west-1\",\"architecture\":\"arm64\",\"discardTopBottom\":0.4,"
    "\"onlyColdStarts\":true}\n"
    "{\"type\":\"configuration\",\"power\":256}\n{\"type\":\"failure\",\"power\":256,\"kind\":"
    "\"functionError\",\"errorType\":\"E\"}\n"
    "{\"type\":\"failure\",\"power\":256,\"kind\":\"lost\"}\n{\"type\":\"x\"}\n" MEASUREMENT "}\n",
    "{\"type\":\"partial\",\"schema\":2,\"by\":[\"power\"],\"key\":[128],\"power\":128,\"wanted\":true,"
    "\"failed\":\"0\",\"lost\":\"0\","
    "\"noReport\":\"0\",\"notCold\":\"0\",\"firstTimestamp\":1,\"lastTimestamp\":2,\"initBilled\":\"0\","
    "\"initNotBilled\":\"0\",\"megabyteMs\":\"768\",\"maxMemoryUsedMB\":57,\"memorySizeMB\":128,"
    "\"errors\":{\"E\":\"1\"},"
    "\"samples\":[" SAMPLE "," SAMPLE "," NONE "," NONE "," NONE "]}\n"};
enum { CORPUS = sizeof corpus / sizeof *corpus };

int main(void) {
    char *plain[] = {(char *)"pt-stats", (char *)"--merge", NULL};
    char *by[] = {(char *)"pt-stats", (char *)"--format=table", (char *)"--allowed-exceptions=X,E", NULL};
    char *partial[] = {(char *)"pt-stats", (char *)"--partial", (char *)"--cold=exclude", NULL};
    TEST("every prefix of records is read to its end") fuzz_prefixes(plain, corpus, CORPUS);
    TEST("mutated records are read to their end") fuzz_mutations(plain, corpus, CORPUS, 20000);
    TEST("mutated records are read to their end for a table") fuzz_mutations(by, corpus, CORPUS, 5000);
    TEST("mutated records are read to their end for partial sums")
    fuzz_mutations(partial, corpus, CORPUS, 5000);
    return unit_end();
}
