/* What the parts of a job share with each other and with nobody else. */
#ifndef INVOKE_JOB_PARTS_H
#define INVOKE_JOB_PARTS_H

#include "invoke/job.h"
#include "util/text.h"

#include <stdbool.h>

struct branch *job_branch(const struct job *job);
struct segment *job_segment(const struct job *job);

/* The function that the processor phase invokes. */
const char *job_processor(const struct job *job);

/* Makes the transfer ready for the request of the job's phase. False when it cannot be made or signed. */
bool job_prepare(struct job *job, struct text *problem);

/* The record of an invocation that has an answer. */
void job_write_invocation(struct job *job, const struct answer *answer, double duration_ms);

/* The record of one that failed; `excluded`: its power is left out from here on. */
void job_write_failure(struct job *job, const char *kind, const struct answer *answer, bool excluded);

/* Ends the run, and says why, unless that was said already. */
void job_fail_run(struct job *job, const char *what, const struct answer *answer);

/* Looks whether the answer's log has a report, until one has; ends the run when the first answers have none.
 */
void job_look_for_report(struct job *job, const struct answer *answer);

#endif
