/* The invocation record, and what its log tail makes of it: a measurement or a failure.
 *
 * {"type":"invocation","power":MB,"index":I,"requestId":S,"statusCode":200,"executedVersion":S,"functionError":S?,
 *  "errorType":S?,"logResult":BASE64,"clientDurationMs":N}
 *
 * A tail is the last 4 KB of what was logged, the function's own lines included, and these may look like a
 * report. So only a report that begins its line and has the invocation's own request id counts, the last of
 * them; no prefix of any tool is taken off. */
#ifndef TUNE_INVOCATION_H
#define TUNE_INVOCATION_H

#include "tune/allowed.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

struct invocation_rules {
    bool any_request_id; /* the last report counts, whosever id it has: for emulators */
    bool errors_judged;  /* a plan or an option says which errors are allowed; otherwise none is a failure */
    struct allowed allowed;
};

/* Appends the measurement or failure record of the invocation record `object`, without a newline. False when
 * a member is missing or wrong: `problem` then says so, and nothing was appended. */
bool invocation_read(struct span object, const struct invocation_rules *rules, struct text *out,
                     struct text *problem);

#endif
