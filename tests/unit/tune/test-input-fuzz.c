/* tune/input, tune/payload and aws/arn on invalid text, as pt-init uses them. */
#include "fuzz/input.c"
#include "util/text.h"

#include <unistd.h>

/* Reads the input on standard input like pt-init, without its messages. */
static int read_input_once(int count, char **arguments) {
    struct text text = TEXT_INIT;
    ssize_t got;
    (void)count;
    (void)arguments;
    while ((got = read(STDIN_FILENO, text_extend(&text, 4096), 4096)) > 0)
        text_extended(&text, (size_t)got);
    LLVMFuzzerTestOneInput((const uint8_t *)text_string(&text), text.length);
    text_release(&text);
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
    TEST("every prefix of an input is read without a crash") fuzz_prefixes(plain, corpus, CORPUS);
    TEST("mutated inputs are read without a crash") fuzz_mutations(plain, corpus, CORPUS, 50000);
    return unit_end();
}
