/* Turns an invocation record, with its log tail, into a measurement or failure record.
 *
 *     {"type":"invocation","power":MB,"index":I,"requestId":S,"statusCode":200,"executedVersion":S,
 *      "functionError":S?,"errorType":S?,"logResult":BASE64,"clientDurationMs":N}
 *
 * The tail is the last 4 KB of the log. It includes the function's own lines, which may look like a report.
 * So a report counts only when it begins its line and has the invocation's own request id; of several, the
 * last one counts. Prefixes that logging tools add are not removed here. */
#ifndef TUNE_INVOCATION_H
#define TUNE_INVOCATION_H

#include "tune/allowed.h"
#include "tune/reportline.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

struct invocation_rules {
    bool any_request_id; /* accept the last report, whatever its request id: for emulators */
    bool errors_judged;  /* a plan or an option sets allowed errors; otherwise no error is a failure */
    bool logs_withheld;  /* do not copy the log into failure records (disablePayloadLogs) */
    struct allowed allowed;
};

/* Finds the report of the invocation `id` in a log tail; with `any`, the last report of any invocation. Spans
 * of `found` point into the tail. */
bool invocation_report(const struct text *tail, struct span id, bool any, struct report *found);

/* Appends the measurement or failure record of the invocation record `object`, without a newline. False when
 * a member is missing or wrong: `problem` then says which, and `out` is unchanged. */
bool invocation_read(struct span object, const struct invocation_rules *rules, struct text *out,
                     struct text *problem);

#endif
