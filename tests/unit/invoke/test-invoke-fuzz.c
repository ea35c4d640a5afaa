/* pt-invoke with broken records: what it reads and copies; nothing is invoked. */
#include "invoke/engine.h"

/* Replaces a step of the engine: the run ends, so that no request is sent. */
static bool no_step(struct engine *engine) {
    engine->failed = true;
    return false;
}

#define engine_step no_step
#define main invoke_main
#include "pt-invoke.c"
#undef main
#define FILTER_MAIN invoke_main

#include "unit/filter-fuzz.h"

#define PLAN                                                                                                 \
    "{\"type\":\"plan\",\"schema\":1,\"runId\":\"20261123T101112Z-abcdef\",\"lambdaARN\":\"f\","             \
    "\"functionName\":\"f\","                                                                                \
    "\"region\":\"us-east-1\",\"memorySizeMB\":128,\"num\":5,\"powerValues\":[128,256],"

static const char *const corpus[] = {
    PLAN
    "\"payload\":\"{\\\"a\\\": 1.0}\",\"allowedExceptions\":[\"E\"],\"warmup\":2,\"concurrency\":3}\n"
    "{\"type\":\"configuration\",\"power\":128,\"num\":0,\"version\":\"1\",\"state\":\"Pending\"}\n"
    "{\"type\":\"other\"}\n{\"type\":\"configuration\",\"power\":256,\"num\":0,\"index\":3,\"version\":\"2\","
    "\"borrowed\":true}\n",
    PLAN "\"payloads\":[{\"payload\":\"1\",\"weight\":2},{\"payload\":\"\\\"x\\\"\",\"weight\":0.5}],"
         "\"onlyColdStarts\":true,\"preProcessorARN\":\"p\"}\n"
         "{\"type\":\"configuration\",\"power\":128,\"num\":1,\"index\":0,\"version\":\"1\"}\n",
};
enum { CORPUS = sizeof corpus / sizeof *corpus };

int main(void) {
    char *plain[] = {(char *)"pt-invoke", (char *)"--endpoint-url=http://127.0.0.1:1", NULL};
    TEST("every prefix of a stream is read to its end") fuzz_prefixes(plain, corpus, CORPUS);
    TEST("mutated streams are read to their end") fuzz_mutations(plain, corpus, CORPUS, 10000);
    return unit_end();
}
