/* Private to src/invoke: what the files job*.c share. */
#ifndef INVOKE_INTERNAL_H
#define INVOKE_INTERNAL_H

#include "invoke/job.h"
#include "util/text.h"

#include <stdbool.h>
#include <stdint.h>

/* The maximum time until a version is active (SnapStart). */
enum { ACTIVE_MS = 26 * 60 * 1000 };

/* The time of a clock that is never set back, in ms. */
double job_clock_ms(void);

/* ---- the end of an attempt (job.c) ---- */

/* Lets the job wait for this time; then it continues in its current phase. */
void job_wait(struct job *job, int64_t duration_ms);

/* Ends the job, with success or not. */
void job_end(struct job *job);

/* Ends the job and excludes its memory size from the run, with a failure record of this kind. */
void job_exclude(struct job *job, const char *kind, const struct response *response);

/* ---- attempts in which the function did not run (job-retry.c) ---- */

/* Handles a response that means that the function did not run: sends the request again later, or ends the
 * run. False when the response is none of these; nothing was done then. */
bool job_handle_not_run(struct job *job, const struct response *response);

/* Schedules another attempt of the phase. False when `patience` ms have passed since its first failure. */
bool job_try(struct job *job, int64_t patience);

/* The same when a handler cannot be started: for a minute, and at most as often as the setting max_attempts
 * allows. When several attempts fail, a warning is printed, once in a run. */
bool job_try_to_start(struct job *job, const struct response *response);

/* Notes that an invocation has run: after throttling, more may be in progress again. */
void job_speed_up(struct engine *engine);

/* ---- requests and records ---- */

struct branch *job_branch(const struct job *job);
struct segment *job_segment(const struct job *job);

/* The pre- or post-processor that the current phase invokes. */
const char *job_processor(const struct job *job);

/* The payload of the function: what the pre-processor returned, or the plan's. */
const struct text *job_payload(const struct job *job);

/* Makes the request of the job's phase ready to be sent. False, with the reason in `problem`, when it cannot
 * be made or signed. */
bool job_prepare(struct job *job, struct text *problem);

/* Writes the record of an invocation that has returned, after `duration_ms` on the client's clock. */
void job_write_invocation(struct job *job, const struct response *response, double duration_ms);

/* Writes the record of an invocation that failed. `excluded`: its memory size is excluded from the run. */
void job_write_failure(struct job *job, const char *kind, const struct response *response, bool excluded);

/* Ends the run. Reports why, unless a reason was reported before. */
void job_fail_run(struct job *job, const char *what, const struct response *response);

/* Checks that the log tail of the response has a report. When the first 3 responses have none, ends the run.
 * After the first report, does nothing. */
void job_look_for_report(struct job *job, const struct response *response);

#endif
