/* A job: one invocation with its phases pre-processor, function, pause, post-processor. */
#ifndef INVOKE_JOB_H
#define INVOKE_JOB_H

#include "invoke/engine.h"
#include "invoke/response.h"

#include <stdint.h>

enum phase {
    PHASE_STATE, /* reads whether the version is active */
    PHASE_PRE_PROCESSOR,
    PHASE_FUNCTION,
    PHASE_PAUSE, /* sleepBetweenRunsMs */
    PHASE_POST_PROCESSOR,
    PHASE_OVER
};

struct job {
    struct job *next, *previous; /* in the list that contains the job */
    struct engine *engine;
    struct http_transfer *transfer;
    struct curl_slist *headers;
    size_t branch, segment; /* positions and not pointers, because the arrays move when they grow */
    long long index;
    size_t payload;
    enum phase phase;
    struct text replaced;   /* what the pre-processor returned instead of the payload; "": nothing */
    struct text output;     /* what the function returned, for the post-processor */
    int64_t wake_ms;        /* when it continues, while it waits (monotonic clock) */
    int64_t first_fault_ms; /* of the attempts that certainly did not run; 0: none yet */
    int tries;              /* attempts in this phase */
    int refusals;           /* refused signatures in this phase */
    int conflicts;          /* responses that the version is not active */
    int64_t conflict_ms;    /* the first of these; 0: none yet */
    double started_ms;      /* when the request was sent */
};

/* Takes the next invocation of `segment` and starts a job for it. */
void job_begin(struct engine *engine, struct branch *branch, struct segment *segment);

/* Continues a job whose waiting time is over. */
void job_wake(struct job *job);

/* For a waiting job after the deadline: drops its invocation, or ends its pause when the invocation was
 * made. */
void job_end_wait(struct job *job);

/* The callback of the event loop: the request of a job has ended. */
void job_done(struct http_transfer *transfer, enum http_result result, void *context);

/* Frees the job. Does not remove it from a list. */
void job_free(struct job *job);

#endif
