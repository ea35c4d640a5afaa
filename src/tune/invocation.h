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
#include "tune/reportline.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

struct invocation_rules {
    bool any_request_id; /* the last report counts, whosever id it has: for emulators */
    bool errors_judged;  /* a plan or an option says which errors are allowed; otherwise none is a failure */
    bool logs_withheld;  /* a failure does not keep what was logged: disablePayloadLogs */
    struct allowed allowed;
};

/* Finds the report of the invocation `id` in the tail of a log; `any`: the last report, whosever it is. Spans
 * of `found` point into the tail. */
bool invocation_report(const struct text *tail, struct span id, bool any, struct report *found);

/* Appends the measurement or failure record of the invocation record `object`, without a newline. False when
 * a member is missing or wrong: `problem` then says so, and nothing was appended. */
bool invocation_read(struct span object, const struct invocation_rules *rules, struct text *out,
                     struct text *problem);

#endif
