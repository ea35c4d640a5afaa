/* pt-apply publish with broken records; the requests to AWS are simulated here. */
#include "apply/latest.h"
#include "apply/publish.h"
#include "apply/restore.h"
#include "apply/wake.h"
#include "util/memory.h"

#include <stdlib.h>

static bool played_read(struct apply *apply, struct text *problem) {
    (void)problem;
    if (apply->latest.memory_size)
        return true;
    char **const strings[] = {&apply->latest.description, &apply->latest.code_sha256,
                              &apply->latest.comparable,  &apply->latest.logging_config,
                              &apply->latest.revision_id, &apply->latest.system_log_level,
                              &apply->latest.state};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        *strings[i] = memory_copy_string("");
    apply->latest.memory_size = 128;
    apply->latest.timeout = 3;
    return true;
}

static enum change_result played_change(struct apply *apply, const char *action,
                                        const struct function_change *change, struct text *code,
                                        struct text *problem) {
    (void)action;
    (void)code;
    (void)problem;
    if (change->memory_size >= 0)
        apply->latest.memory_size = apply->expected.memory_size = change->memory_size;
    return CHANGE_MADE;
}

static bool played_publish(struct aws_client *client, const char *function, const char *description,
                           const char *revision_id, const char *code_sha256, struct aws_deadline *deadline,
                           struct function_configuration *version, struct aws_response *response) {
    (void)client;
    (void)function;
    (void)description;
    (void)revision_id;
    (void)code_sha256;
    (void)deadline;
    (void)version;
    response->result = AWS_REFUSED;
    return false;
}

static int played_restore(struct apply *apply) {
    (void)apply;
    return 0;
}

#define latest_read played_read
#define latest_change played_change
#define lambda_publish_version played_publish
#define restore_latest played_restore
#include "apply/publish.c"
#define main apply_main
#include "pt-apply.c"
#undef main
#define FILTER_MAIN apply_main

#include "unit/filter-fuzz.h"

static const char *const corpus[] = {
    "{\"type\":\"plan\",\"schema\":1,\"runId\":\"20261123T101112Z-abcdef\",\"lambdaARN\":\"f\","
    "\"functionName\":\"f\","
    "\"region\":\"us-east-1\",\"memorySizeMB\":128,\"timeout\":3,\"num\":5,\"powerValues\":[128,256],"
    "\"payload\":\"{}\"}\n"
    "{\"type\":\"configuration\",\"power\":256,\"num\":5}\n{\"type\":\"other\",\"x\":[1e400]}\n",
    "{\"type\":\"plan\",\"schema\":1,\"runId\":\"20261123T101112Z-abcdef\",\"lambdaARN\":\"f\","
    "\"functionName\":\"f\","
    "\"region\":\"us-east-1\",\"memorySizeMB\":128,\"timeout\":3,\"num\":5,\"powerValues\":[128],\"payload\":"
    "\"{}\","
    "\"onlyColdStarts\":true,\"description\":\"\",\"trialTimeout\":9,\"trialLoggingConfig\":{"
    "\"SystemLogLevel\":\"INFO\"},"
    "\"loggingConfig\":\"\"}\n"
    "{\"type\":\"configuration\",\"power\":128,\"num\":1,\"index\":0}\n",
};
enum { CORPUS = sizeof corpus / sizeof *corpus };

int main(void) {
    char *publishing[] = {(char *)"pt-apply", (char *)"publish", (char *)"--endpoint-url=http://127.0.0.1:1",
                          NULL};
    TEST("every prefix of a stream is read to its end") fuzz_prefixes(publishing, corpus, CORPUS);
    TEST("mutated streams are read to their end") fuzz_mutations(publishing, corpus, CORPUS, 10000);
    return unit_end();
}
