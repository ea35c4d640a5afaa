/* The names of members by which the documents of many tools say what is a message and where it came from. */
#ifndef LOGPARSE_MEMBER_H
#define LOGPARSE_MEMBER_H

#include "util/span.h"

enum log_member {
    MEMBER_OTHER,
    MEMBER_MESSAGE,
    MEMBER_MESSAGES, /* an array of messages */
    MEMBER_LINES,    /* no name: the outermost array, of which a string on a line of its own is a message */
    MEMBER_RECORD,
    MEMBER_TYPE,
    MEMBER_LEVEL,
    MEMBER_REQUEST_ID,
    MEMBER_FIELD,
    MEMBER_GROUP,
    MEMBER_FUNCTION,
    MEMBER_STREAM,
    MEMBER_TIME,
    MEMBER_DATA /* what may be packed */
};

/* What a member of that name holds; `name` is the inside of its token, not empty. */
enum log_member log_member_of(struct span name);

#endif
