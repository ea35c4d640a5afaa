/* Invoking: all invocations of a run, side by side, each sent once.
 *
 * An Invoke is sent again only when the function certainly did not run (invoke/answer.h). What may have run
 * is not replaced: it is a failure record of the kind "lost". */
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
    long max_in_flight;  /* requests under way at once, at most */
    long margin_s;       /* how much longer than the function's timeout an answer is waited for */
    const char *run_dir; /* where the records go, for messages; NULL: not known */
    bool keep_going;     /* an error of the function's own is counted, and does not end the run */
    int64_t deadline_ms; /* on the monotonic clock: nothing begins that may not end by then; 0: none */
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
    struct job *waiting;        /* jobs whose time has not come, in no order */
    struct job *idle;           /* jobs to be used again */
    struct job *busy;           /* jobs with a request under way */
    long active;                /* how many of those */
    double limit;               /* how many there may be: lowered by throttling, raised by success. It is to
                                   invocations what the retry quota is to other calls */
    double lowered_ms;          /* when it was lowered last */
    double signed_anew_ms;      /* when the clock was corrected, or the credentials renewed, last */
    int64_t throttled_since_ms; /* of the first throttling since the last success; 0: none */
    long reports_missing;       /* successful answers without a report, until the first one with it */
    bool report_seen;
    const char *stopped;   /* why nothing more begins: "maxCost" or "deadline"; NULL: it goes on */
    bool waiting_reported; /* that a handler cannot be started yet */
    bool failed;           /* the run is to end; why has been reported */
};

/* Makes the engine ready. `session`, `plan` and `output` must outlive it. False with a `problem`. */
bool engine_open(struct engine *engine, const struct engine_options *options, struct aws_session *session,
                 struct plan *plan, struct output *output, struct progress *progress, struct text *problem);

/* Starts what is due and waits until something has happened. HTTP_LOOP_READABLE: the watched input can be
 * read. HTTP_LOOP_IDLE: it did not wait, since nothing is under way, waiting or to come. */
enum http_loop_event engine_step(struct engine *engine);

/* True when all that was added is done. */
bool engine_finished(const struct engine *engine);

/* Abandons what is under way and frees everything. */
void engine_close(struct engine *engine);

#endif
