/* Makes all invocations of a run, many at a time.
 *
 * An Invoke request is sent again only when the function certainly did not run (invoke/response.h). An
 * invocation that may have run is not repeated: it becomes a failure record of the kind "lost". */
#ifndef INVOKE_ENGINE_H
#define INVOKE_ENGINE_H

#include "aws/http-loop.h"
#include "aws/session.h"
#include "invoke/branch.h"
#include "invoke/budget.h"
#include "invoke/progress.h"
#include "tune/plan.h"
#include "util/lines.h"

#include <stdbool.h>
#include <stdint.h>

struct engine_options {
    long long max_in_flight; /* maximum of requests in progress */
    long long margin_s;      /* how long to wait for a response after the function's timeout */
    const char *run_dir;     /* folder with the records, for messages; NULL: not known */
    bool keep_going;         /* errors of the function are counted and do not end the run */
    int64_t deadline_ms;     /* no invocation starts that may not end by then (monotonic clock); 0: none */
};

struct job;

struct engine {
    struct engine_options options;
    struct aws_session *session;
    struct plan *plan;
    struct output *output;
    struct progress *progress;
    struct branches branches;
    struct budget budget;
    struct http_loop loop;
    char (*payload_sha256)[65]; /* of each payload of the plan; owned */
    struct job *waiting;        /* jobs that wait until a time, in no order */
    struct job *idle;           /* finished jobs, to be used again */
    struct job *busy;           /* jobs with a request in progress */
    long active;                /* number of busy jobs */
    double limit;               /* maximum of busy jobs: throttling lowers it, successes raise it */
    double lowered_ms;          /* when `limit` was last lowered */
    double signed_anew_ms;      /* when the clock was last corrected, or the credentials renewed */
    int64_t throttled_since_ms; /* the first throttling since the last success; 0: none */
    long reports_missing;       /* successful responses without a report, before the first that has one */
    bool report_seen;
    const char *stopped;   /* why no further invocation starts: "maxCost" or "deadline"; NULL: they do */
    bool waiting_reported; /* it was reported that a handler cannot be started yet */
    bool failed;           /* the run must end; the reason was reported */
};

/* Makes the engine ready. `session`, `plan`, `output` and `progress` must outlive it. False, with the reason
 * appended to `problem`, when that fails. */
bool engine_open(struct engine *engine, const struct engine_options *options, struct aws_session *session,
                 struct plan *plan, struct output *output, struct progress *progress, struct text *problem);

/* Starts the invocations that can start, and waits for an event. HTTP_LOOP_READABLE: the watched input can
 * be read. HTTP_LOOP_IDLE: it did not wait, because nothing is in progress or waiting and no input is
 * watched. */
enum http_loop_event engine_step(struct engine *engine);

/* True when no invocation may start any more, because it might not end by the deadline. */
bool engine_is_too_late(const struct engine *engine);

/* True when all invocations that were added are done. */
bool engine_finished(const struct engine *engine);

/* Abandons the requests in progress and frees everything. */
void engine_close(struct engine *engine);

#endif
