/* pt-logparse with damaged logs and records of every kind. */
#define main logparse_main
#include "pt-logparse.c"
#undef main
#define FILTER_MAIN logparse_main

#include "unit/filter-fuzz.h"

#define ID "6d6fe7e6-ebb9-59bb-86fb-584407f77e5a"
#define LINE                                                                                                 \
    "REPORT RequestId: " ID                                                                                  \
    "\tDuration: 5.20 ms\tBilled Duration: 6 ms\tMemory Size: 128 MB\tMax Memory Used: 57 MB\t"
#define ESCAPED                                                                                              \
    "REPORT RequestId: " ID                                                                                  \
    "\\tDuration: 5.20 ms\\tBilled Duration: 6 ms\\tMemory Size: 128 MB\\tMax Memory Used: 57 MB\\t\\n"
#define OBJECT                                                                                               \
    "{\"time\":\"2024-05-01T10:00:00.000Z\",\"type\":\"platform.report\",\"record\":{\"requestId\":\"" ID    \
    "\",\"metrics\":{\"durationMs\":5.2,\"billedDurationMs\":6,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57}" \
    ","                                                                                                      \
    "\"status\":\"success\"}}"

static const char *const corpus[] = {
    "START RequestId: x\n" LINE
    "Init Duration: 162.18 ms\tStatus: error\tError Type: Runtime.ExitError\n" LINE "\n",
    "2024-09-15T18:27:34.917000+00:00 2024/09/15/[$LATEST]9c1eeb " LINE "\nname  | " LINE "\n [    fn] " LINE
    "\n",
    "REPORT RequestId: " ID
    "\nDuration: 5 ms\nBilled Duration: 6 ms\nMemory Size: 128 MB\nMax Memory Used: 3 MB\n",
    "Sep 15 18:27:34 host lambda[12]: " LINE "\n\xef\xbb\xbf" LINE "\r\n/aws/lambda/fn " LINE "\n",
    OBJECT "\n" OBJECT OBJECT "\ntext " OBJECT "\n",
    "{\n  \"events\": [\n    {\"logStreamName\": \"s\", \"timestamp\": 1588165714132, \"message\": \"" ESCAPED
    "\"}\n  ]\n}\n",
    "[[{\"field\":\"@message\",\"value\":\"" ESCAPED
    "\"},{\"field\":\"@log\",\"value\":\"1:/aws/lambda/f\"}]]\n",
    "{\"level\":\"INFO\",\"requestId\":\"x\",\"message\":\"" ESCAPED "\"}\n{\"values\":[[\"1\",\"" ESCAPED
    "\"]]}\n",
    "timestamp,message\n1681985224064,\"" LINE
    "\n\"\n1681985224064,\"{\"\"type\"\":\"\"platform.report\"\"}\"\n",
    "| @message | @log |\n|---|---|\n| " LINE "\n | 1:/aws/lambda/f |\n|| a | b ||\n",
    "Complete\nRESULTS\t@requestId\t" ID "\nRESULTS\t@duration\t5.2\nRESULTS\t@memorySize\t1.28E8\n"
    "RESULTS\t@billedDuration\t6.0\nRESULTS\t@maxMemoryUsed\t5.7E7\nRESULTS\t@ptr\tx\n",
    "EVENTS\t1714557600000\t" LINE "\n\t1714557600000\nEVENTS\t1714557600000\ta\t1714557600000\n",
    "@requestId\t@duration\t@billedDuration\t@memorySize\t@maxMemoryUsed\n" ID "\t5.2\t6E0\t1.28E8\t5.7e+7\n",
    "{\"_aws\":{\"Timestamp\":1605034324256},\"event_type\":\"performance\",\"function_name\":\"f\","
    "\"request_id\":\"" ID "\",\"duration\":5.2,\"billed_duration\":6,\"init_duration\":0,"
    "\"used_memory_max\":57,\"total_memory\":128,\"timeout\":true}\n",
    "{\"message\":\"{\\\"type\\\":\\\"platform.report\\\",\\\"record\\\":{\\\"requestId\\\":\\\"x\\\"}}\"}\n",
    "{\"type\":\"plan\",\"schema\":1,\"runId\":\"r\",\"allowedExceptions\":[\"A\",\"B\"]}\n"
    "{\"type\":\"configuration\",\"power\":128,\"num\":5}\n"
    "{\"type\":\"invocation\",\"power\":128,\"index\":0,\"requestId\":\"a\",\"statusCode\":200,\"logResult\":"
    "\"UkVQT1JUIFJlcXVlc3RJZDogYQlEdXJhdGlvbjogMS4wMCBtcwlCaWxsZWQgRHVyYXRpb246IDIgbXMJTWVtb3J5IFNpemU6IDEyOC"
    "BNQglNYXggTWVtb3J5IFVz"
    "ZWQ6IDcwIE1C\",\"functionError\":\"Unhandled\",\"errorType\":\"A\"}\n{\"type\":\"other\",\"x\":[1,{}]}"
    "\nnot a record\n"};
enum { CORPUS = sizeof corpus / sizeof *corpus };

int main(void) {
    char *plain[] = {(char *)"pt-logparse", NULL};
    char *distinct[] = {(char *)"pt-logparse", (char *)"--distinct", (char *)"--strict",
                        (char *)"--any-request-id", NULL};
    TEST("every prefix of logs and records is read to its end") fuzz_prefixes(plain, corpus, CORPUS);
    TEST("mutated logs and records are read to their end") fuzz_mutations(plain, corpus, CORPUS, 20000);
    TEST("mutated logs are read to their end with --distinct, --strict and --any-request-id")
    fuzz_mutations(distinct, corpus, CORPUS, 10000);
    return unit_end();
}
