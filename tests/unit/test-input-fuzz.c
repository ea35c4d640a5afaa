/* What pt-init makes of its input: the object, its payloads and the function's name, on broken text. */
#include "aws/arn.h"
#include "tune/input.h"
#include "tune/payload.h"

#include <stdlib.h>
#include <unistd.h>

#include "util/text.h"

/* Reads the input on standard input as pt-init does, without its messages. */
static int read_input_once(int count, char **arguments) {
    struct text text = TEXT_INIT, problems = TEXT_INIT, warnings = TEXT_INIT;
    struct tuning_input input = {0};
    struct payload_list payloads = {0};
    struct function_name name;
    struct span object;
    ssize_t got;
    (void)count;
    (void)arguments;
    while ((got = read(STDIN_FILENO, text_extend(&text, 4096), 4096)) > 0)
        text_extended(&text, (size_t)got);
    if (json_check((struct span){text_string(&text), text.length}, &object, NULL)) {
        if (tuning_input_read(object, &input, &problems, &warnings))
            payload_list_read(input.payload, input.num, &payloads, &problems);
        for (long long index = 0; index < 5 && payloads.count; index++)
            payload_of_index(&payloads, index, 5);
        if (input.lambda_arn.start &&
            function_name_parse((struct span){input.lambda_arn.start + 1, input.lambda_arn.length - 2}, &name,
                                &problems))
            function_name_release(&name);
    }
    payload_list_release(&payloads);
    tuning_input_release(&input);
    text_release(&text);
    text_release(&problems);
    text_release(&warnings);
    return 0;
}
#define FILTER_MAIN read_input_once

#include "unit/filter-fuzz.h"

static const char *const corpus[] = {
    "{\"lambdaARN\":\"arn:aws:lambda:us-east-1:123456789012:function:f:prod\",\"num\":10,\"powerValues\":["
    "128,\"256\"],"
    "\"payload\":[{\"payload\":{\"a\":1},\"weight\":1},{\"payload\":\"{}\",\"weight\":2.5}],\"strategy\":"
    "\"balanced\","
    "\"balancedWeight\":0.3,\"autoOptimize\":true,\"autoOptimizeAlias\":\"prod\",\"allowedExceptions\":["
    "\"A\"]}",
    "{\"lambdaARN\":\"f\",\"num\":5.0,\"powerValues\":\"ALL\",\"payload\":\"\\\"\\ud83d\\ude00\\\"\","
    "\"dryRun\":false,"
    "\"sleepBetweenRunsMs\":0,\"discardTopBottom\":0.4,\"visualizationURL\":\"https://x/"
    "\",\"autoOptimise\":1}",
};
enum { CORPUS = sizeof corpus / sizeof *corpus };

int main(void) {
    char *plain[] = {(char *)"input", NULL};
    TEST("every prefix of an input is read to its end") fuzz_prefixes(plain, corpus, CORPUS);
    TEST("mutated inputs are read to their end") fuzz_mutations(plain, corpus, CORPUS, 50000);
    return unit_end();
}
