#include "tune/logmember.h"

#define NAMED(name, member)                                                                                  \
    { name, sizeof name - 1, MEMBER_##member }
/* The most frequent come first. */
static const struct {
    const char *name;
    size_t length;
    enum log_member member;
} members[] = {NAMED("message", MESSAGE),
               NAMED("timestamp", TIME),
               NAMED("logStreamName", STREAM),
               NAMED("type", TYPE),
               NAMED("time", TIME),
               NAMED("record", RECORD),
               NAMED("value", MESSAGE),
               NAMED("field", FIELD),
               NAMED("msg", MESSAGE),
               NAMED("line", MESSAGE),
               NAMED("log", MESSAGE),
               NAMED("@message", MESSAGE),
               NAMED("MESSAGE", MESSAGE),
               NAMED("textPayload", MESSAGE),
               NAMED("event", MESSAGE),
               NAMED("body", MESSAGE),
               NAMED("values", MESSAGES),
               NAMED("level", LEVEL),
               NAMED("requestId", REQUEST_ID),
               NAMED("function_request_id", REQUEST_ID),
               NAMED("logGroup", GROUP),
               NAMED("logGroupName", GROUP),
               NAMED("log_group", GROUP),
               NAMED("@log", GROUP),
               NAMED("functionName", FUNCTION),
               NAMED("logStream", STREAM),
               NAMED("log_stream", STREAM),
               NAMED("@logStream", STREAM),
               NAMED("@timestamp", TIME),
               NAMED("data", DATA)};

enum log_member log_member_of(struct span name) {
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i].length == name.length && name.start[0] == members[i].name[0] &&
            memcmp(members[i].name, name.start, name.length) == 0)
            return members[i].member;
    return MEMBER_OTHER;
}
