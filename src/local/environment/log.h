/* The log of one invocation, in Lambda's text format or JSON format.
 *
 * Only the end of the log is kept: the response contains its last 4 KB. */
#ifndef LOCAL_ENVIRONMENT_LOG_H
#define LOCAL_ENVIRONMENT_LOG_H

#include "util/text.h"

#include <stdbool.h>

enum { LOG_TAIL = 4096 };

struct log {
    struct text bytes;
    bool json;    /* LogFormat JSON: platform lines are JSON objects */
    bool no_info; /* SystemLogLevel WARN: no platform lines about successes */
};

/* The figures of a REPORT line. */
struct report {
    const char *request_id;
    double duration_ms;
    double init_ms;    /* < 0: none */
    double restore_ms; /* < 0: none; SnapStart */
    long billed_ms, billed_restore_ms;
    int memory_mb;
    long peak_mb;
    const char *status;     /* "timeout", "error", "failure"; NULL: success */
    const char *error_type; /* or NULL */
    bool handled;           /* the function reported the error itself: no Status in text format */
};

/* Appends output of the function. */
void log_output(struct log *log, const char *bytes, size_t length);

/* Appends a platform line that only the text format has, such as "Task timed out". */
void log_line(struct log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Append START, INIT_REPORT, or RESTORE_REPORT; in JSON platform.start and so on. */
void log_start(struct log *log, const char *request_id, const char *version, const char *function_arn);
void log_init_report(struct log *log, double init_ms, const char *phase, const char *status,
                     const char *error_type);
void log_restore_report(struct log *log, double restore_ms);

/* Appends END and REPORT; in JSON platform.runtimeDone and platform.report. */
void log_end(struct log *log, const struct report *report);

/* Appends the last LOG_TAIL bytes of the log to `encoded`, in base64. */
void log_tail(const struct log *log, struct text *encoded);

#endif
