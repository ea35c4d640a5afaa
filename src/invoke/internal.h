/* What the parts of a job share with each other and with nobody else. */
#ifndef INVOKE_INTERNAL_H
#define INVOKE_INTERNAL_H

#include "invoke/job.h"
#include "util/text.h"

#include <stdbool.h>
#include <stdint.h>

/* A version may take so long to become active (SnapStart). */
enum { ACTIVE_MS = 26 * 60 * 1000 };

/* Milliseconds of a clock that only goes forward. */
double job_clock_ms(void);

/* ---- how a try ends (job.c) ---- */

/* The job wakes after so long, in the phase that it is in. */
void job_wait(struct job *job, int64_t duration_ms);

/* The invocation has run its course, one way or another. */
void job_end(struct job *job);

/* The same, and its power is left out from here on, for that reason. */
void job_exclude(struct job *job, const char *kind, const struct response *response);

/* ---- tries that did not run (job-again.c) ---- */

/* True when the answer was one of those that are tried again, or end the run; the job has then been dealt
 * with. */
bool job_handle_not_run(struct job *job, const struct response *response);

/* Tries the phase again, for `patience` ms since its first fault; false when that is over. */
bool job_try(struct job *job, int64_t patience);

/* The same when a handler could not be started: for a minute, and no more often than max_attempts says. The
 * first time that the run has to wait for that, it says why. */
bool job_try_to_start(struct job *job, const struct response *response);

/* An invocation has run: there may be more at once. */
void job_speed_up(struct engine *engine);

/* ---- what the parts need ---- */

struct branch *job_branch(const struct job *job);
struct segment *job_segment(const struct job *job);

/* The function that the processor phase invokes. */
const char *job_processor(const struct job *job);

/* Makes the transfer ready for the request of the job's phase. False when it cannot be made or signed. */
bool job_prepare(struct job *job, struct text *problem);

/* The record of an invocation that has an answer. */
void job_write_invocation(struct job *job, const struct response *response, double duration_ms);

/* The record of one that failed; `excluded`: its power is left out from here on. */
void job_write_failure(struct job *job, const char *kind, const struct response *response, bool excluded);

/* Ends the run, and says why, unless that was said already. */
void job_fail_run(struct job *job, const char *what, const struct response *response);

/* Looks whether the answer's log has a report, until one has; ends the run when the first answers have none.
 */
void job_look_for_report(struct job *job, const struct response *response);

#endif
