/* The names of members that hold a message, or its origin, in the JSON documents of many tools. */
#ifndef LOGPARSE_MEMBER_H
#define LOGPARSE_MEMBER_H

#include "util/span.h"

enum log_member {
    MEMBER_OTHER,
    MEMBER_MESSAGE,
    MEMBER_MESSAGES, /* array of messages */
    MEMBER_LINES,    /* no name: the outermost array, where a string at the start of a line is a message */
    MEMBER_RECORD,
    MEMBER_TYPE,
    MEMBER_LEVEL,
    MEMBER_REQUEST_ID,
    MEMBER_FIELD,
    MEMBER_GROUP,
    MEMBER_FUNCTION,
    MEMBER_STREAM,
    MEMBER_TIME,
    MEMBER_DATA,    /* value that may be base64 and gzip */
    MEMBER_TAIL,    /* the end of an invocation's log, in the answer of Invoke: base64, or decoded */
    MEMBER_METRICS, /* of an event in embedded metric format: the object with its time */
    /* Figures in members or columns of their own (row.h): of a row of Logs Insights, */
    MEMBER_DURATION,
    MEMBER_BILLED_DURATION,
    MEMBER_INIT_DURATION,
    MEMBER_MEMORY_SIZE,
    MEMBER_MAX_MEMORY_USED,
    /* and of an event of Lambda Insights. */
    MEMBER_EVENT_TYPE,
    MEMBER_EVENT_DURATION,
    MEMBER_EVENT_BILLED_DURATION,
    MEMBER_EVENT_INIT_DURATION,
    MEMBER_EVENT_MEMORY_SIZE,
    MEMBER_EVENT_MAX_MEMORY_USED,
    MEMBER_EVENT_TIMEOUT,
    LOG_MEMBERS
};

/* The kind of the member `name`: the content of its string token, not empty. */
enum log_member log_member_of(struct span name);

/* The name in row `index` of the table of names, and in `*member` its kind; NULL after the last row. */
const char *log_member_name(size_t index, enum log_member *member);

#endif
