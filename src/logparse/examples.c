#include "logparse/examples.h"

#include "logparse/member.h"
#include "logparse/prefix.h"

#include <string.h>

#define EVENT_OF_PLATFORM(gap)                                                                               \
    "{\"type\":\"platform.report\",\"record\":{\"requestId\":\"ID\"," gap                                    \
    "\"metrics\":{\"durationMs\":5.2,\"billedDurationMs\":6,\"memorySizeMB\":128,\"maxMemoryUsedMB\":57}}}"

#define INSIGHTS(metrics)                                                                                    \
    "{\"" metrics "\":{\"Timestamp\":1714557600000},\"event_type\":\"performance\","                         \
    "\"request_id\":\"ID\",\"duration\":5.2,\"billed_duration\":6,\"init_duration\":3,"                      \
    "\"total_memory\":128,\"used_memory_max\":57,\"timeout\":true}"

/* Kinds of members, from the first to the last: what they are, and an example. In it, NAME is any of their names;
 * an example without NAME has all of them. */
static const struct {
    enum log_member first, last;
    struct log_form_example row;
} members[] = {
    {MEMBER_MESSAGE, MEMBER_MESSAGE, {"A message", "{\"NAME\":\"REPORT\"}"}},
    {MEMBER_MESSAGES,
     MEMBER_MESSAGES,
     {"Messages of Loki", "{\"NAME\":[[\"1714557600000000000\",\"REPORT\"]]}"}},
    {MEMBER_RECORD, MEMBER_TYPE, {"An event of the platform", EVENT_OF_PLATFORM("\n ")}},
    {MEMBER_DATA,
     MEMBER_DATA,
     {"A message in base64 and gzip", "{\"Records\":[{\"kinesis\":{\"NAME\":\"PACKED\"}}]}"}},
    {MEMBER_TAIL, MEMBER_TAIL, {"The log tail of an invocation", "{\"StatusCode\":200,\"NAME\":\"REPORT\"}"}},
    {MEMBER_FIELD,
     MEMBER_FIELD,
     {"The name of a field of Logs Insights",
      "[[{\"NAME\":\"@timestamp\",\"value\":\"2024-05-01 10:00:00.000\"},\n"
      "  {\"NAME\":\"@message\",\"value\":\"REPORT\"}]]"}},
    {MEMBER_TIME, MEMBER_TIME, {"The time", "{\"message\":\"REPORT\",\"NAME\":1714557600000}"}},
    {MEMBER_GROUP, MEMBER_GROUP, {"The log group", "{\"message\":\"REPORT\",\"NAME\":\"/aws/lambda/api\"}"}},
    {MEMBER_FUNCTION, MEMBER_FUNCTION, {"The function", "{\"message\":\"REPORT\",\"NAME\":\"api\"}"}},
    {MEMBER_STREAM,
     MEMBER_STREAM,
     {"The log stream", "{\"message\":\"REPORT\",\"NAME\":\"2024/05/01/[$LATEST]9c1e\"}"}},
    {MEMBER_LEVEL,
     MEMBER_LEVEL,
     {"The level of what a function logged, which does not count",
      "{\"NAME\":\"INFO\",\"requestId\":\"ID\",\"message\":\"REPORT\"}"}},
    {MEMBER_DURATION,
     MEMBER_MAX_MEMORY_USED,
     {"Figures in columns", "@requestId,@duration,@billedDuration,@initDuration,@memorySize,@maxMemoryUsed\n"
                            "ID,5.2,6,3,1.28E8,5.7E7"}},
    {MEMBER_REQUEST_ID,
     MEMBER_REQUEST_ID,
     {"The request ID of such figures", "NAME,@duration,@billedDuration,@memorySize,@maxMemoryUsed\n"
                                        "ID,5.2,6,1.28E8,5.7E7"}},
    {MEMBER_METRICS, MEMBER_METRICS, {"The time of an event of Lambda Insights", INSIGHTS("NAME")}},
    {MEMBER_EVENT_TYPE, MEMBER_EVENT_TIMEOUT, {"An event of Lambda Insights", INSIGHTS("_aws")}},
};

/* Forms that are neither a prefix nor a member. */
static const struct log_form_example others[] = {
    {"A report of text", "REPORT"},
    {"A report of JSON after words", "[extension] ready" EVENT_OF_PLATFORM("")},
    {"A subscription of CloudWatch Logs", "{\"awslogs\":{\"data\":\"PACKED\"}}"},
    {"A table with commas", "@timestamp,@message,@log\n2024-05-01 10:00:00.000,REPORT,1:/aws/lambda/api"},
    {"A table with semicolons", "@timestamp;@message;@log\n2024-05-01 10:00:00.000;REPORT;1:/aws/lambda/api"},
    {"A table with tabs",
     "@timestamp\\t@message\\t@log\n2024-05-01 10:00:00.000\\tREPORT\\t1:/aws/lambda/api"},
    {"A table with bars", "| @timestamp              | @message | @log              |\n"
                          "|-------------------------|----------|-------------------|\n"
                          "| 2024-05-01 10:00:00.000 | REPORT   | 1:/aws/lambda/api |"},
    {"The text output of aws logs filter-log-events",
     "EVENTS\\t38236513478340298460943532158764412393939223939392939292\\t1714557600001\\t2024/05/01/"
     "[$LATEST]9c1e\\tREPORT\\t1714557600000"},
    {"The text output of aws logs get-log-events", "EVENTS\\t1714557600001\\tREPORT\\t1714557600000"},
    {"A line of LocalStack", "DEBUG --- [api-ID] REPORT"},
    {"The text output of aws logs get-query-results", "RESULTS\\t@message\\tREPORT"},
    {"A value that Python printed", "{'events': [{'timestamp': 1714557600000, 'message': 'REPORT'}]}"},
    {"Words that a line with START and the same ID also has",
     "[name] INFO: START RequestId: ID Version: $LATEST\n[name] INFO: REPORT"},
};

static void append_example(struct text *text, const char *example) {
    for (const char *at = example; *at;) {
        size_t length = strcspn(at, "\n");
        text_append_string(text, "    ");
        text_append(text, at, length);
        at += length;
        if (*at)
            text_append_byte(text, *at++);
    }
}

static void append_names(struct text *text, enum log_member first, enum log_member last) {
    const char *name, *before = ": ";
    enum log_member kind;
    for (size_t i = 0; (name = log_member_name(i, &kind)); i++) {
        if (kind < first || kind > last)
            continue;
        text_append_format(text, "%s%s", before, name);
        before = ", ";
    }
}

void log_examples_append(struct text *text) {
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        text_append_format(text, "%s\n", others[i].form);
        append_example(text, others[i].example);
        text_append_byte(text, '\n');
    }
    for (const struct log_form_example *row = log_prefix_examples; row->form; row++) {
        text_append_format(text, "Before a report: %s\n", row->form);
        append_example(text, row->example);
        text_append_string(text, strstr(row->example, "REPORT") ? "\n" : "REPORT\n");
    }
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        text_append_string(text, members[i].row.form);
        append_names(text, members[i].first, members[i].last);
        text_append_byte(text, '\n');
        append_example(text, members[i].row.example);
        text_append_byte(text, '\n');
    }
}
