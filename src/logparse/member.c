#include "logparse/member.h"

#include <stdint.h>
#include <string.h>

/* The names, the most frequent first. */
#define NAMES(X)                                                                                             \
    X("message", MESSAGE)                                                                                    \
    X("timestamp", TIME)                                                                                     \
    X("logStreamName", STREAM)                                                                               \
    X("type", TYPE)                                                                                          \
    X("time", TIME)                                                                                          \
    X("record", RECORD)                                                                                      \
    X("value", MESSAGE)                                                                                      \
    X("field", FIELD)                                                                                        \
    X("msg", MESSAGE)                                                                                        \
    X("line", MESSAGE)                                                                                       \
    X("log", MESSAGE)                                                                                        \
    X("@message", MESSAGE)                                                                                   \
    X("MESSAGE", MESSAGE)                                                                                    \
    X("textPayload", MESSAGE)                                                                                \
    X("stringValue", MESSAGE)                                                                                \
    X("short_message", MESSAGE)                                                                              \
    X("_raw", MESSAGE)                                                                                       \
    X("_line", MESSAGE)                                                                                      \
    X("event", MESSAGE)                                                                                      \
    X("body", MESSAGE)                                                                                       \
    X("values", MESSAGES)                                                                                    \
    X("level", LEVEL)                                                                                        \
    X("requestId", REQUEST_ID)                                                                               \
    X("function_request_id", REQUEST_ID)                                                                     \
    X("AWSRequestId", REQUEST_ID)                                                                            \
    X("awsRequestId", REQUEST_ID)                                                                            \
    X("aws_request_id", REQUEST_ID)                                                                          \
    X("request_id", REQUEST_ID)                                                                              \
    X("logGroup", GROUP)                                                                                     \
    X("logGroupName", GROUP)                                                                                 \
    X("log_group", GROUP)                                                                                    \
    X("@log", GROUP)                                                                                         \
    X("@log_group", GROUP)                                                                                   \
    X("aws.logGroup", GROUP)                                                                                 \
    X("functionName", FUNCTION)                                                                              \
    X("logStream", STREAM)                                                                                   \
    X("log_stream", STREAM)                                                                                  \
    X("@logStream", STREAM)                                                                                  \
    X("@log_stream", STREAM)                                                                                 \
    X("aws.logStream", STREAM)                                                                               \
    X("@timestamp", TIME)                                                                                    \
    X("data", DATA)                                                                                          \
    X("LogResult", TAIL)                                                                                     \
    X("logResult", TAIL)                                                                                     \
    X("Data", DATA)                                                                                          \
    X("_aws", METRICS)                                                                                       \
    X("Timestamp", TIME)                                                                                     \
    X("function_name", FUNCTION)                                                                             \
    X("@requestId", REQUEST_ID)                                                                              \
    X("@duration", DURATION)                                                                                 \
    X("@billedDuration", BILLED_DURATION)                                                                    \
    X("@initDuration", INIT_DURATION)                                                                        \
    X("@memorySize", MEMORY_SIZE)                                                                            \
    X("@maxMemoryUsed", MAX_MEMORY_USED)                                                                     \
    X("event_type", EVENT_TYPE)                                                                              \
    X("duration", EVENT_DURATION)                                                                            \
    X("billed_duration", EVENT_BILLED_DURATION)                                                              \
    X("init_duration", EVENT_INIT_DURATION)                                                                  \
    X("total_memory", EVENT_MEMORY_SIZE)                                                                     \
    X("used_memory_max", EVENT_MAX_MEMORY_USED)                                                              \
    X("timeout", EVENT_TIMEOUT)

#define ROW(name, member) {name, sizeof name - 1, MEMBER_##member},
#define MARK(name, member) | mark_of(name[0], sizeof name - 1)

static inline uint64_t mark_of(char first, size_t length) {
    return UINT64_C(1) << (((unsigned char)first * UINT64_C(1) + length * 10) & 63);
}

static const struct {
    const char *name;
    size_t length;
    enum log_member member;
} members[] = {NAMES(ROW)};

const char *log_member_name(size_t index, enum log_member *member) {
    if (index >= sizeof members / sizeof *members)
        return NULL;
    *member = members[index].member;
    return members[index].name;
}

enum log_member log_member_of(struct span name) {
    /* First byte and length suffice to reject most other names. */
    const uint64_t marks = 0 NAMES(MARK);
    if (!(marks & mark_of(name.start[0], name.length)))
        return MEMBER_OTHER;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i].length == name.length && name.start[0] == members[i].name[0] &&
            memcmp(members[i].name, name.start, name.length) == 0)
            return members[i].member;
    return MEMBER_OTHER;
}
