/* Real functions: public measurements of AWS Lambda functions by memory size (data/README.md).
 *
 * `raw`: single invocations. A size is measured by walking along its warm invocations in order of time from a
 * random place; its first invocation is a real cold start where there is one. `curve`: a published curve; its
 * residuals come in blocks from the invocations of one raw function, whose cell with the nearest duration is
 * taken for each size. The truth is the plain mean over all warm invocations, of the duration and of its
 * ceil. */
#ifndef QUALITY_REAL_FUNCTION_H
#define QUALITY_REAL_FUNCTION_H

#include "quality/subject.h"

/* Invocations of one size. */
struct cell {
    double memory_mb, mean;
    double *warm; /* owned, ms, in order of time */
    size_t warm_count, warm_capacity;
    struct invocation *cold; /* owned */
    size_t cold_count, cold_capacity;
};

struct real_function {
    struct subject subject; /* first: a subject is its function */
    char *name;             /* owned */
    double weight;
    bool raw;
    bool apart; /* in the third that is kept apart */
    double memory_sizes[SUBJECT_SIZES];
    struct cell *cells; /* owned, by size; NULL for a curve */
    const struct real_functions *all;
    /* The walk of a tuning: where it is, and from which cell its residuals come. */
    const struct cell *sources[SUBJECT_SIZES];
    size_t places[SUBJECT_SIZES];
};

struct real_functions {
    struct real_function *list; /* owned */
    size_t count, capacity;
};

/* Reads the functions of a folder such as tests/quality/data. Ends the program when it cannot. */
void real_functions_open(struct real_functions *functions, const char *folder);
void real_functions_close(struct real_functions *functions);

#endif
