/* One invocation on its way through its phases: pre-processor, function, pause, post-processor. */
#ifndef INVOKE_JOB_H
#define INVOKE_JOB_H

#include "invoke/engine.h"
#include "invoke/response.h"

#include <stdint.h>

enum phase {
    PHASE_STATE, /* is the version active? */
    PHASE_PRE_PROCESSOR,
    PHASE_FUNCTION,
    PHASE_PAUSE, /* sleepBetweenRunsMs */
    PHASE_POST_PROCESSOR,
    PHASE_OVER
};

struct job {
    struct job *next, *previous; /* in the list it is in */
    struct engine *engine;
    struct http_transfer *transfer;
    struct curl_slist *headers;
    size_t branch, segment; /* positions: the arrays move when they grow */
    long long index;
    size_t payload;
    enum phase phase;
    struct text replaced;   /* what the pre-processor gave in place of the payload */
    struct text output;     /* what the function returned, for the post-processor */
    int64_t wake_ms;        /* while it waits */
    int64_t first_fault_ms; /* of tries that certainly did not run; 0: none yet */
    int tries;              /* of this phase */
    int refusals;           /* of its signature, in this phase */
    int conflicts;          /* answers that its version is not active */
    int64_t conflict_ms;    /* of the first of those; 0: none yet */
    double started_ms;      /* when the request was sent */
};

/* A job for the next invocation of `segment`, which is taken from the branch; it starts at once. */
void job_begin(struct engine *engine, struct branch *branch, struct segment *segment);

/* Goes on with a job whose waiting is over. */
void job_wake(struct job *job);

/* Nothing more is to be sent for a job that waits: its invocation is dropped, or, when that was made, its
 * pause ends. */
void job_hurry(struct job *job);

/* The exchange of a job has ended: the callback of the loop. */
void job_done(struct http_transfer *transfer, enum http_result result, void *context);

/* Takes the job out of the engine and frees it. */
void job_free(struct job *job);

#endif
